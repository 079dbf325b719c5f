import { createThrottledWarnings, type Log, type ThrottledWarnings } from '@kinoprint/core'
import { isDatabaseUnavailable } from '@kinoprint/store'

const quietLogs = new WeakMap<Log, ThrottledWarnings>()

/**
 * Logs what went wrong: in full where somebody should look at it, briefly and seldom where the database is away,
 * because then everything goes wrong every second.
 */
export const warnOf = (log: Log, error: unknown, message: string, fields: object = {}): void => {
  if (!isDatabaseUnavailable(error)) {
    log.warn({ ...fields, err: error }, message)
    return
  }
  const quiet = quietLogs.get(log) ?? createThrottledWarnings(log)
  quietLogs.set(log, quiet)
  quiet.warn(error, message, fields)
}
