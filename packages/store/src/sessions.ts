import { newSessionId } from '@kinoprint/core'
import type { Database } from './database.ts'

/** A session ends this long after its last use, and at most this long after signing in. */
const IDLE_HOURS = 12
const MAX_HOURS = 168
/** When a session that is in use is extended next, in minutes. */
const TOUCH_MINUTES = 1

export type Session = {
  readonly sessionId: string
  readonly name: string | null
  /** The address that signed in. */
  readonly address: string
  readonly createdAt: Date
  /** Accurate to the minute. */
  readonly lastUsedAt: Date
  readonly expiresAt: Date
}

const COLUMNS = `session_id as "sessionId", name, address, created_at as "createdAt", last_used_at as "lastUsedAt",
  expires_at as "expiresAt"`

const NEXT_EXPIRY = `least(clock_timestamp() + interval '${IDLE_HOURS} hours', created_at + interval '${MAX_HOURS} hours')`

export type NewSession = {
  /** Identifies the cookie; 32 bytes. The cookie itself is not stored. */
  readonly digest: Buffer
  readonly name: string | null
  readonly address: string
}

/** Stores a new session, and deletes those that have expired. */
export async function createSession(db: Database, { digest, name, address }: NewSession): Promise<Session> {
  await db.pool.query('delete from sessions where expires_at <= clock_timestamp()')
  const { rows } = await db.pool.query<Session>(
    `insert into sessions (session_id, digest, name, address, expires_at)
     values ($1, $2, $3, $4, clock_timestamp() + interval '${IDLE_HOURS} hours') returning ${COLUMNS}`,
    [newSessionId(), digest, name, address],
  )
  const [session] = rows
  if (session === undefined) throw new Error('The database returned no session.')
  return session
}

/** Returns the session of a cookie and extends it; null if it has expired or never existed. */
export async function useSession(db: Database, digest: Buffer): Promise<Session | null> {
  const { rows } = await db.pool.query<Session & { isDue: boolean }>(
    `select ${COLUMNS}, last_used_at < clock_timestamp() - interval '${TOUCH_MINUTES} minutes' as "isDue"
     from sessions where digest = $1 and expires_at > clock_timestamp()`,
    [digest],
  )
  const [found] = rows
  if (found === undefined) return null
  const { isDue, ...session } = found
  if (!isDue) return session
  const extended = await db.pool.query<Session>(
    `update sessions set last_used_at = clock_timestamp(), expires_at = ${NEXT_EXPIRY}
     where digest = $1 returning ${COLUMNS}`,
    [digest],
  )
  return extended.rows[0] ?? null
}

/** All sessions that have not expired, most recently used first. */
export async function listSessions(db: Database): Promise<Session[]> {
  const { rows } = await db.pool.query<Session>(
    `select ${COLUMNS} from sessions where expires_at > clock_timestamp()
     order by last_used_at desc, session_id`,
  )
  return rows
}

/** Ends a session; false if it does not exist. */
export async function deleteSession(db: Database, sessionId: string): Promise<boolean> {
  const { rowCount } = await db.pool.query('delete from sessions where session_id = $1', [sessionId])
  return rowCount === 1
}

/** Those of these sessions that have not ended. Does not extend them. */
export async function openSessions(
  db: Database,
  sessionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.pool.query<{ sessionId: string }>(
    `select session_id as "sessionId" from sessions
     where session_id = any($1) and expires_at > clock_timestamp()`,
    [sessionIds],
  )
  return new Set(rows.map(({ sessionId }) => sessionId))
}
