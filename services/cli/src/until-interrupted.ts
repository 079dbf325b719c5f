/** Exit code of a command ended by Ctrl-C or SIGTERM: 128 plus the number of SIGINT, as in shells. */
export const INTERRUPTED = 130

/** Says that a command that continues when it runs again was interrupted, and sets the exit code. */
export function reportInterruption(): void {
  process.stderr.write('Interrupted. Run the same command again to continue.\n')
  process.exitCode = INTERRUPTED
}

/** Runs `work` with a signal that Ctrl-C or SIGTERM aborts, so that it can clean up. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}
