import type { Log } from '@kinoprint/core'

export type Closer = {
  readonly name: string
  /** `timeoutMs` is what remains of the time for all closers. */
  close(options: { readonly timeoutMs: number }): Promise<unknown>
}

type ShutdownOptions = {
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  /** Time limit for all closers together. Less than the 10 s after which orchestrators kill a process. */
  readonly timeoutMs?: number
  readonly exit?: (code: number) => void
  /** The source of signals, which tests replace. */
  readonly signals?: Pick<NodeJS.EventEmitter, 'on' | 'off'>
}

type Shutdown = {
  /** Closes everything and ends the process, as a signal does. */
  begin(reason: string): Promise<void>
  /** Stops listening for signals. */
  dispose(): void
}

const DEFAULT_TIMEOUT_MS = 9_000
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const
type Signal = keyof typeof SIGNALS

/**
 * On the first SIGTERM or SIGINT, runs the closers in order and exits with code 0, even if the time runs out: only jobs
 * can still be open, and their leases return them. A second signal exits at once.
 *
 * @example
 * onShutdown([{ name: 'http', close: () => server.close() }, { name: 'database', close: () => db.close() }], { log })
 */
export function onShutdown(
  closers: readonly Closer[],
  { log, timeoutMs = DEFAULT_TIMEOUT_MS, exit = process.exit, signals = process }: ShutdownOptions,
): Shutdown {
  let begun: Promise<void> | null = null
  const begin = (reason: string): Promise<void> => {
    begun ??= closeAll(closers, { log, timeoutMs, reason }).then(() => exit(0))
    return begun
  }
  const onSignal = (signal: Signal): void => {
    if (begun) {
      log.warn({ signal }, 'Exiting at once on a second signal')
      exit(128 + SIGNALS[signal])
      return
    }
    void begin(signal)
  }
  const names = Object.keys(SIGNALS)
  for (const name of names) signals.on(name, onSignal)
  return {
    begin,
    dispose: () => {
      for (const name of names) signals.off(name, onSignal)
    },
  }
}

async function closeAll(
  closers: readonly Closer[],
  { log, timeoutMs, reason }: { log: ShutdownOptions['log']; timeoutMs: number; reason: string },
): Promise<void> {
  log.info({ reason }, 'Shutting down')
  let deadlineMs = performance.now() + timeoutMs
  for (const closer of closers) {
    const remainingMs = Math.max(0, deadlineMs - performance.now())
    try {
      if (await settlesWithin(remainingMs, closer.close({ timeoutMs: remainingMs }))) continue
      log.warn({ part: closer.name }, 'A part did not close in time')
      // Timers may fire a millisecond early, so the clock alone could leave a little time for the next part.
      deadlineMs = 0
    } catch (err) {
      log.error({ part: closer.name, err }, 'A part failed to close')
    }
  }
}

async function settlesWithin(timeoutMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const timedOut = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs)
  })
  try {
    return await Promise.race([work.then(() => true), timedOut])
  } finally {
    clearTimeout(timer)
  }
}
