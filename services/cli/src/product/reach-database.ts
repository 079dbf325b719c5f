import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@kinoprint/core'
import { type Database, isDatabaseUnavailable } from '@kinoprint/store'

/** A server that starts at the same moment gets so long, as Redis does. */
const REACH_LIMIT_MS = 10_000
const PAUSE_MS = 250
/** SQLSTATEs of a wrong user or password (class 28) and of a database that is not there. */
const WRONG_URL = /^(?:28...|3D000)$/

export type ReachOptions = {
  readonly databaseUrl: string
  /** What the user gave the address by, for messages. Default DATABASE_URL. */
  readonly givenBy?: string
  readonly limitMs?: number
}

/**
 * Waits until the server of the address answers. Fault ServiceUnavailable where it does not, InvalidSettings where
 * it refuses who asks: neither is a bug, so neither is told by a stack.
 */
export const reachDatabase = async (
  db: Database,
  { databaseUrl, givenBy = 'DATABASE_URL', limitMs = REACH_LIMIT_MS }: ReachOptions,
): Promise<void> => {
  const until = performance.now() + limitMs
  for (;;) {
    try {
      await db.pool.query('select 1')
      return
    } catch (cause) {
      const { code } = cause as { code?: unknown }
      if (typeof code === 'string' && WRONG_URL.test(code)) throw refused({ databaseUrl, givenBy }, cause)
      if (!isDatabaseUnavailable(cause)) throw cause
      if (performance.now() > until) throw unreachable({ databaseUrl, givenBy }, cause)
      await delay(PAUSE_MS)
    }
  }
}

type Address = { readonly databaseUrl: string; readonly givenBy: string }

const refused = ({ databaseUrl, givenBy }: Address, cause: unknown): Fault =>
  new Fault(
    'InvalidSettings',
    `PostgreSQL at ${hostOf(databaseUrl)} refuses ${givenBy}: ${reasonOf(cause)}. Correct the user, the password or the database in it; a server keeps the password that its data folder was made with.`,
    { cause },
  )

const unreachable = ({ databaseUrl, givenBy }: Address, cause: unknown): Fault =>
  new Fault(
    'ServiceUnavailable',
    `PostgreSQL at ${hostOf(databaseUrl)} (${givenBy}) cannot be reached: ${reasonOf(cause)}. Start it, or correct the address.`,
    { cause },
  )

/** The address without its password. */
const hostOf = (databaseUrl: string): string =>
  URL.canParse(databaseUrl) ? new URL(databaseUrl).host : 'an unreadable address'

/** A connection tried over several addresses fails with one error that has no words of its own. */
const reasonOf = (error: unknown): string => {
  const { message, code } = error as { message?: unknown; code?: unknown }
  return typeof message === 'string' && message !== '' ? message : String(code ?? 'no answer')
}
