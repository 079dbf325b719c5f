import { createThrottledWarnings, type Log, type ThrottledWarnings } from '@kinoprint/core'
import { isDatabaseUnavailable } from '@kinoprint/store'

const throttled = new WeakMap<Log, ThrottledWarnings>()

/**
 * Logs a failure as a warning: with its stack, or throttled and on one line while the database is unavailable, because
 * everything fails every second then.
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
