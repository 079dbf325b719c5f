import { setTimeout as delay } from 'node:timers/promises'
import { errorText, Fault } from '@kinoprint/core'
import { type Database, isDatabaseUnavailable } from '@kinoprint/store'

/** Time allowed for a server that is still starting, as for Redis. */
const REACH_LIMIT_MS = 10_000
const PAUSE_MS = 250
/** SQLSTATEs of a wrong user or password (class 28) and of a missing database. */
const WRONG_URL = /^(?:28...|3D000)$/

export type ReachOptions = {
  readonly databaseUrl: string
  /** Name of the setting or option that contains the address, for messages. Default: DATABASE_URL. */
  readonly givenBy?: string
  readonly limitMs?: number
}

/**
 * Waits until the server at the address accepts connections.
 *
 * @throws Fault ServiceUnavailable if it does not respond, InvalidSettings if it rejects the user, the password or the
 * database.
 */
export async function reachDatabase(
  db: Database,
  { databaseUrl, givenBy = 'DATABASE_URL', limitMs = REACH_LIMIT_MS }: ReachOptions,
): Promise<void> {
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

function refused({ databaseUrl, givenBy }: Address, cause: unknown): Fault {
  return new Fault(
    'InvalidSettings',
    `PostgreSQL at ${hostOf(databaseUrl)} rejected ${givenBy}: ${errorText(cause)}. Correct its user, password or database. PostgreSQL keeps the password that its data folder was created with.`,
    { cause },
  )
}

function unreachable({ databaseUrl, givenBy }: Address, cause: unknown): Fault {
  return new Fault(
    'ServiceUnavailable',
    `PostgreSQL at ${hostOf(databaseUrl)} (${givenBy}) cannot be reached: ${errorText(cause)}. Start it, or correct the address.`,
    { cause },
  )
}

/** The address without its password. */
function hostOf(databaseUrl: string): string {
  return URL.canParse(databaseUrl) ? new URL(databaseUrl).host : 'an unreadable address'
}
