import { errorCode } from '@kinoprint/core'

/** Connection failures (class 08), shutdown, startup, ended sessions and too many connections. */
const SERVER_CODES = /^(?:08...|57P0[1235]|53300|25P03)$/
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
/** Messages of pg and its pool that have no code. */
const CLIENT_MESSAGES =
  /^(?:Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/

/**
 * Whether a statement failed because the database could not be reached or the connection broke. The statement may
 * succeed if repeated soon. Whether it has taken effect is unknown.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = errorCode(error)
  if (SERVER_CODES.test(code) || NETWORK_CODES.has(code)) return true
  return error instanceof Error && CLIENT_MESSAGES.test(error.message)
}

/** Whether the server lacked disk space (53100) or memory (53200) for a statement, which then had no effect. */
export function isDatabaseFull(error: unknown): boolean {
  return /^53[12]00$/.test(errorCode(error))
}
