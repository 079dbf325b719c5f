/** Exit code of a command that Ctrl-C or SIGTERM ended: 128 and the number of SIGINT, as shells have it. */
export const INTERRUPTED = 130

/** Runs `work`; Ctrl-C or SIGTERM aborts its signal, so that it can put away what it has begun. */
export const untilInterrupted = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    return await work(controller.signal)
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}
