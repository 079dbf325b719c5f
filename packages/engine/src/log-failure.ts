import { createThrottledWarnings, type Log, type ThrottledWarnings } from '@kinoprint/core'
import { isDatabaseUnavailable } from '@kinoprint/store'

const throttled = new WeakMap<Log, ThrottledWarnings>()

/**
 * Logs a failure as a warning with its stack. While the database is unavailable, every operation fails every second, so
 * failures are throttled and logged on one line.
 */
export function logFailure(log: Log, error: unknown, { message, fields = {} }: LoggedFailure): void {
  if (!isDatabaseUnavailable(error)) {
    log.warn({ ...fields, err: error }, message)
    return
  }
  const warnings = throttled.get(log) ?? createThrottledWarnings(log)
  throttled.set(log, warnings)
  warnings.warn(error, message, fields)
}

type LoggedFailure = { readonly message: string; readonly fields?: object }
