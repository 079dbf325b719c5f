import { errorCode } from '@kinoprint/core'

/** SQLSTATEs of a server that goes down, comes up, ends a session or takes no more connections, and all of class 08. */
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
/** What pg and its pool say in errors without a code. */
const CLIENT_WORDS =
  /^(?:Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error)/

/**
 * Whether a statement failed because the database could not be reached, or went away under it: the same one may
 * succeed in a moment. Says nothing about whether it took effect.
 */
export const isDatabaseUnavailable = (error: unknown): boolean => {
  const code = errorCode(error)
  if (SERVER_CODES.test(code) || NETWORK_CODES.has(code)) return true
  return error instanceof Error && CLIENT_WORDS.test(error.message)
}

/** Whether the server had no disk space (53100) or memory (53200) for a statement; nothing of it took effect. */
export const isDatabaseFull = (error: unknown): boolean => /^53[12]00$/.test(errorCode(error))
