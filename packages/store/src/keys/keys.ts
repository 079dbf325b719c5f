import { randomBytes } from 'node:crypto'
import { Fault } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { openSecret, sealSecret } from './secret-box.ts'

/** A list of null means that the key may use all of them. */
export type KeyPolicy = {
  readonly actions: readonly string[] | null
  readonly libraries: readonly string[] | null
  /** The first one is its default. */
  readonly buckets: readonly string[] | null
  readonly region: string | null
}

export type ApiKey = KeyPolicy & {
  readonly secretId: string
  readonly secretKey: string
  readonly name: string
}

export type KeyRecord = KeyPolicy & {
  readonly secretId: string
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

export type NewKey = { readonly [K in keyof KeyPolicy]?: KeyPolicy[K] | undefined } & {
  /** 32 bytes. */
  readonly encryptionKey: Buffer
  readonly name: string
  /** Made at random where absent. */
  readonly secretId?: string | undefined
  readonly secretKey?: string | undefined
}

const COLUMNS = `secret_id as "secretId", name, actions, libraries, buckets, region`

/** As long as the public service's: `AKID` and 32 characters, and 32 characters. */
const newSecretId = (): string => `AKID${randomBytes(16).toString('hex')}`
const newSecretKey = (): string => randomBytes(24).toString('base64url')

/** Fault Conflict where a key of this secretId exists, revoked or not. */
export const createKey = async (db: Database, key: NewKey): Promise<ApiKey> => {
  const { encryptionKey, secretId = newSecretId(), secretKey = newSecretKey() } = key
  const { rows } = await db.pool.query<Omit<ApiKey, 'secretKey'>>(
    `insert into api_keys (secret_id, name, secret, actions, libraries, buckets, region)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning ${COLUMNS}`,
    [
      secretId,
      key.name,
      sealSecret({ encryptionKey, secretId, secretKey }),
      key.actions ?? null,
      key.libraries ?? null,
      key.buckets ?? null,
      key.region ?? null,
    ],
  )
  if (rows[0] === undefined) throw new Fault('Conflict', `A key ${secretId} exists already.`)
  return { ...rows[0], secretKey }
}

export type KeyQuery = {
  readonly encryptionKey: Buffer
  readonly secretId: string
  /** Callbacks of its jobs are still signed with a key that was revoked meanwhile. */
  readonly includeRevoked?: boolean | undefined
}

/** The key with its secret; Fault InvalidSettings where the encryption key is not the one that sealed it. */
export const findKey = async (
  db: Database,
  { encryptionKey, secretId, includeRevoked = false }: KeyQuery,
): Promise<ApiKey | null> => {
  const { rows } = await db.pool.query<Omit<ApiKey, 'secretKey'> & { sealed: Buffer }>(
    `select ${COLUMNS}, secret as sealed from api_keys where secret_id = $1 and (revoked_at is null or $2)`,
    [secretId, includeRevoked],
  )
  if (rows[0] === undefined) return null
  const { sealed, ...key } = rows[0]
  return { ...key, secretKey: openSecret({ encryptionKey, secretId, sealed }) }
}

/** Oldest first, without the revoked ones. */
export const listKeys = async (db: Database): Promise<KeyRecord[]> => {
  const { rows } = await db.pool.query<KeyRecord>(
    `select ${COLUMNS}, created_at as "createdAt", last_used_at as "lastUsedAt" from api_keys
     where revoked_at is null order by created_at, secret_id`,
  )
  return rows
}

/** Ids of keys that open something, those used last first. */
export const listKeyIds = async (db: Database, { limit }: { readonly limit: number }): Promise<string[]> => {
  const { rows } = await db.pool.query<{ secretId: string }>(
    `select secret_id as "secretId" from api_keys where revoked_at is null
     order by last_used_at desc nulls last limit $1`,
    [limit],
  )
  return rows.map(({ secretId }) => secretId)
}

/** False where there is no such key. Its row stays for the callbacks of its jobs; its id is never used again. */
export const revokeKey = async (db: Database, secretId: string): Promise<boolean> => {
  const { rowCount } = await db.pool.query(
    'update api_keys set revoked_at = clock_timestamp() where secret_id = $1 and revoked_at is null',
    [secretId],
  )
  return rowCount === 1
}

/** Notes that the key was used, once a minute at most. */
export const touchKey = async (db: Database, secretId: string): Promise<void> => {
  await db.pool.query(
    `update api_keys set last_used_at = clock_timestamp() where secret_id = $1
       and (last_used_at is null or last_used_at < clock_timestamp() - interval '1 minute')`,
    [secretId],
  )
}
