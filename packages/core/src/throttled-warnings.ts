import { errorText } from './error-text.ts'
import type { Log } from './log.ts'

export type ThrottledWarnings = {
  /** Logs a failure as a warning, unless the same message was logged within the interval. */
  warn(error: unknown, message: string, fields?: object): void
}

const REPEAT_MS = 30_000
const MAX_REMEMBERED = 100

/**
 * A log for failures that repeat while a server is unavailable. It writes one line without a stack for each message,
 * then at most one every 30 s with the number of omitted lines as `suppressed`.
 *
 * @example createThrottledWarnings(log).warn(error, 'Could not fetch due callbacks')
 */
export function createThrottledWarnings(
  log: Pick<Log, 'warn'>,
  { repeatMs = REPEAT_MS } = {},
): ThrottledWarnings {
  const logged = new Map<string, { atMs: number; suppressed: number }>()
  return {
    warn: (error, message, fields = {}) => {
      const last = logged.get(message)
      const now = performance.now()
      if (last !== undefined && now - last.atMs < repeatMs) {
        last.suppressed += 1
        return
      }
      if (logged.size >= MAX_REMEMBERED) logged.clear()
      logged.set(message, { atMs: now, suppressed: 0 })
      const suppressed = last === undefined || last.suppressed === 0 ? {} : { suppressed: last.suppressed }
      log.warn({ ...fields, error: errorText(error), ...suppressed }, message)
    },
  }
}
