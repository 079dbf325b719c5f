import { newSessionId, type Role } from '@kinoprint/core'
import type { Database } from './database.ts'

/** A session ends this long after its last use, and at most this long after signing in. */
const IDLE_HOURS = 12
const MAX_HOURS = 168
/** When a session that is in use is extended next. */
const TOUCH_MS = 60_000

export type Session = {
  readonly sessionId: string
  /** The person; null for a session with the admin token. */
  readonly userId: string | null
  /** The name of the person, or the one given with the admin token. */
  readonly name: string | null
  readonly role: Role
  /** The address that signed in. */
  readonly address: string
  readonly createdAt: Date
  /** Accurate to the minute. */
  readonly lastUsedAt: Date
  readonly expiresAt: Date
}

const COLUMNS = `s.session_id as "sessionId", s.user_id as "userId", coalesce(u.name, s.name) as name,
  case when s.user_id is null then 'admin' else coalesce(u.given_role, u.provider_role) end as role, s.address,
  s.created_at as "createdAt", s.last_used_at as "lastUsedAt", s.expires_at as "expiresAt"`

const FROM = 'from sessions s left join users u on u.user_id = s.user_id'

/** A session of a person ends when the person is blocked or loses every role. */
const IS_OPEN = `s.expires_at > clock_timestamp()
  and (s.user_id is null or (u.blocked_at is null and coalesce(u.given_role, u.provider_role) is not null))`

const NEXT_EXPIRY = `least(clock_timestamp() + interval '${IDLE_HOURS} hours', created_at + interval '${MAX_HOURS} hours')`

export type NewSession = {
  /** Identifies the cookie; 32 bytes. The cookie itself is not stored. */
  readonly digest: Buffer
  readonly name: string | null
  readonly address: string
  /** The person who signed in, with the encrypted ID token; absent for the admin token. */
  readonly user?: { readonly userId: string; readonly sealedIdToken: Buffer | null }
}

/** Stores a new session, and deletes those that have expired. */
export async function createSession(
  db: Database,
  { digest, name, address, user }: NewSession,
): Promise<Session> {
  await db.pool.query('delete from sessions where expires_at <= clock_timestamp()')
  await db.pool.query(
    `insert into sessions (session_id, digest, name, address, user_id, id_token, expires_at)
     values ($1, $2, $3, $4, $5, $6, clock_timestamp() + interval '${IDLE_HOURS} hours')`,
    [newSessionId(), digest, name, address, user?.userId ?? null, user?.sealedIdToken ?? null],
  )
  const session = await readSession(db, digest)
  if (session === null) throw new Error('The database returned no session.')
  return session
}

async function readSession(db: Database, digest: Buffer): Promise<Session | null> {
  const { rows } = await db.pool.query<Session>(
    `select ${COLUMNS} ${FROM} where s.digest = $1 and ${IS_OPEN}`,
    [digest],
  )
  return rows[0] ?? null
}

/** The encrypted ID token of a session; null if it has none. */
export async function readIdToken(db: Database, sessionId: string): Promise<Buffer | null> {
  const { rows } = await db.pool.query<{ sealed: Buffer | null }>(
    'select id_token as sealed from sessions where session_id = $1',
    [sessionId],
  )
  return rows[0]?.sealed ?? null
}

/** Returns the session of a cookie and extends it; null if it has expired or never existed. */
export async function useSession(db: Database, digest: Buffer): Promise<Session | null> {
  const session = await readSession(db, digest)
  if (session === null || Date.now() - session.lastUsedAt.getTime() < TOUCH_MS) return session
  await db.pool.query(
    `update sessions set last_used_at = clock_timestamp(), expires_at = ${NEXT_EXPIRY} where digest = $1`,
    [digest],
  )
  if (session.userId !== null)
    await db.pool.query('update users set last_seen_at = clock_timestamp() where user_id = $1', [
      session.userId,
    ])
  return readSession(db, digest)
}

/** All sessions that have not expired, most recently used first. */
export async function listSessions(db: Database): Promise<Session[]> {
  const { rows } = await db.pool.query<Session>(
    `select ${COLUMNS} ${FROM} where ${IS_OPEN} order by s.last_used_at desc, s.session_id`,
  )
  return rows
}

/** Ends a session; false if it does not exist. */
export async function deleteSession(db: Database, sessionId: string): Promise<boolean> {
  const { rowCount } = await db.pool.query('delete from sessions where session_id = $1', [sessionId])
  return rowCount === 1
}

/** Ends all sessions of a person, and returns their ids. */
export async function deleteSessionsOf(db: Database, userId: string): Promise<readonly string[]> {
  const { rows } = await db.pool.query<{ sessionId: string }>(
    'delete from sessions where user_id = $1 returning session_id as "sessionId"',
    [userId],
  )
  return rows.map(({ sessionId }) => sessionId)
}

/** Those of these sessions that have not ended. Does not extend them. */
export async function openSessions(
  db: Database,
  sessionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.pool.query<{ sessionId: string }>(
    `select s.session_id as "sessionId" ${FROM} where s.session_id = any($1) and ${IS_OPEN}`,
    [sessionIds],
  )
  return new Set(rows.map(({ sessionId }) => sessionId))
}
