import { newUserId, type Page, type PageBounds, pageOf, pageWindow, type Role } from '@kinoprint/core'
import type { Database } from '../database.ts'

/** A person who signed in with OpenID Connect. */
export type User = {
  readonly userId: string
  readonly issuer: string
  /** The id at the identity provider. */
  readonly subject: string
  readonly name: string
  readonly email: string | null
  /** What counts: the role that an admin gave, otherwise that of the provider. Null: may not sign in. */
  readonly role: Role | null
  /** What the identity provider said at the last sign-in. */
  readonly providerRole: Role | null
  /** What an admin set. */
  readonly givenRole: Role | null
  readonly blockedAt: Date | null
  readonly createdAt: Date
  /** Accurate to the minute. */
  readonly lastSeenAt: Date
}

const COLUMNS = `user_id as "userId", issuer, subject, name, email, coalesce(given_role, provider_role) as role,
  provider_role as "providerRole", given_role as "givenRole", blocked_at as "blockedAt", created_at as "createdAt",
  last_seen_at as "lastSeenAt"`

export type UserClaims = Pick<User, 'issuer' | 'subject' | 'name' | 'email' | 'providerRole'>

/** Stores what the identity provider says of a person, who may be new here. */
export async function recordUser(db: Database, claims: UserClaims): Promise<User> {
  const { rows } = await db.pool.query<User>(
    `insert into users (user_id, issuer, subject, name, email, provider_role) values ($1, $2, $3, $4, $5, $6)
     on conflict (issuer, subject) do update set name = excluded.name, email = excluded.email,
       provider_role = excluded.provider_role, last_seen_at = clock_timestamp()
     returning ${COLUMNS}`,
    [newUserId(), claims.issuer, claims.subject, claims.name, claims.email, claims.providerRole],
  )
  const [user] = rows
  if (user === undefined) throw new Error('The database returned no user.')
  return user
}

/** The people whose name or e-mail address contains `q`, most recently seen first. */
export async function listUsers(
  db: Database,
  filter: PageBounds & { readonly q?: string | undefined } = {},
): Promise<Page<User>> {
  const { limit, offset } = pageWindow(filter)
  const { rows } = await db.pool.query<User & { total: number }>(
    `select ${COLUMNS}, count(*) over ()::float8 as total from users
     where $1::text is null or strpos(lower(name || ' ' || coalesce(email, '')), lower($1)) > 0
     order by last_seen_at desc, user_id limit $2 offset $3`,
    [filter.q ?? null, limit, offset],
  )
  const users = rows.map(({ total: _, ...user }) => user)
  return pageOf(users, { filter, total: rows[0]?.total ?? 0 })
}

export async function getUser(db: Database, userId: string): Promise<User | null> {
  const { rows } = await db.pool.query<User>(`select ${COLUMNS} from users where user_id = $1`, [userId])
  return rows[0] ?? null
}

export type UserChanges = {
  /** Null for the role of the identity provider. */
  readonly givenRole?: Role | null | undefined
  readonly blocked?: boolean | undefined
}

/** Changes what a person may do, from the next request on. Null if there is no such person. */
export async function updateUser(
  db: Database,
  userId: string,
  { givenRole, blocked }: UserChanges,
): Promise<User | null> {
  const { rows } = await db.pool.query<User>(
    `update users set given_role = case when $2 then $3 else given_role end,
       blocked_at = case when $4::boolean is null then blocked_at when $4 then coalesce(blocked_at, clock_timestamp()) end
     where user_id = $1 returning ${COLUMNS}`,
    [userId, givenRole !== undefined, givenRole ?? null, blocked ?? null],
  )
  return rows[0] ?? null
}
