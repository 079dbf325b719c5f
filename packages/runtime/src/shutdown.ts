/** The part of a pino logger that this uses. */
type ShutdownLog = {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export type Closer = {
  readonly name: string
  /** `timeoutMs` is what is left of the whole time. */
  close(options: { readonly timeoutMs: number }): Promise<unknown>
}

export type ShutdownOptions = {
  readonly log: ShutdownLog
  /** For all closers together. Orchestrators kill after 10 s, so it has to be less. */
  readonly timeoutMs?: number
  readonly exit?: (code: number) => void
  /** Where signals come from: `process`, but for tests. */
  readonly signals?: Pick<NodeJS.EventEmitter, 'on' | 'off'>
}

export type Shutdown = {
  /** Closes everything and ends the process, as a signal does. */
  begin(reason: string): Promise<void>
  /** Stops listening for signals. */
  dispose(): void
}

const DEFAULT_TIMEOUT_MS = 9_000
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const
type Signal = keyof typeof SIGNALS

/**
 * At the first SIGTERM or SIGINT closes one after the other, in the given order, and exits 0, also when the time
 * is up: what did not close is a job, and its lease gives it back. A second signal exits at once.
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
      log.warn({ signal }, 'Second signal: leaving at once')
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
  { log, timeoutMs, reason }: { log: ShutdownLog; timeoutMs: number; reason: string },
): Promise<void> {
  log.info({ reason }, 'Shutting down')
  let until = performance.now() + timeoutMs
  for (const closer of closers) {
    const leftMs = Math.max(0, until - performance.now())
    try {
      const inTime = await within(leftMs, closer.close({ timeoutMs: leftMs }))
      if (inTime) continue
      log.warn({ part: closer.name }, 'Not closed in time')
      // By the clock a millisecond may be left, since timers are that much early at times.
      until = 0
    } catch (err) {
      log.error({ part: closer.name, err }, 'Closing failed')
    }
  }
}

async function within(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs)
  })
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
