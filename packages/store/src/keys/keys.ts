import { randomBytes } from 'node:crypto'
import { Fault, type RuleType } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { BILLED } from '../usage.ts'
import { QUOTA, QUOTA_USE, type Quota, type QuotaChanges, type QuotaUse, quotaColumns } from './quotas.ts'
import { openSecret, sealSecret } from './secret-box.ts'

/** What a key may do. A null list permits everything. */
export type KeyPolicy = {
  readonly actions: readonly string[] | null
  /** Kinds of job that it may submit. */
  readonly ruleTypes: readonly RuleType[] | null
  readonly libraries: readonly string[] | null
  /** The first is the key's default bucket. */
  readonly buckets: readonly string[] | null
  /** Default region of its requests; null means the server's. */
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
  /** Accurate to the minute; null if it was never used. */
  readonly lastUsedAt: Date | null
  readonly lastUsedAddress: string | null
  /** Billed minutes: stored and searched. */
  readonly minutesLast30Days: number
  readonly quota: Quota
  readonly used: QuotaUse
}

export type NewKey = { readonly [K in keyof KeyPolicy]?: KeyPolicy[K] | undefined } & {
  /** Encrypts the secret in the database; 32 bytes. */
  readonly encryptionKey: Buffer
  readonly name: string
  /** Default: random. The secret likewise. */
  readonly secretId?: string | undefined
  readonly secretKey?: string | undefined
  /** Default: no limits. */
  readonly quota?: QuotaChanges | undefined
}

const COLUMNS = `secret_id as "secretId", name, actions, rule_types as "ruleTypes", libraries, buckets, region`

/** The lengths are those of Tencent Cloud: `AKID` and 32 characters for the id, 32 characters for the secret. */
function newSecretId(): string {
  return `AKID${randomBytes(16).toString('hex')}`
}
function newSecretKey(): string {
  return randomBytes(24).toString('base64url')
}

/**
 * Creates a key and returns it with its secret.
 *
 * @throws Fault Conflict if a key with this secretId exists, revoked or not.
 */
export async function createKey(db: Database, key: NewKey): Promise<ApiKey> {
  const { encryptionKey, secretId = newSecretId(), secretKey = newSecretKey() } = key
  const { rows } = await db.pool.query<Omit<ApiKey, 'secretKey'>>(
    `insert into api_keys (secret_id, name, secret, actions, libraries, buckets, region, rule_types,
       minutes_per_day, minutes_per_month, max_open_jobs)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing returning ${COLUMNS}`,
    [
      secretId,
      key.name,
      sealSecret({ encryptionKey, secretId, secretKey }),
      key.actions ?? null,
      key.libraries ?? null,
      key.buckets ?? null,
      key.region ?? null,
      key.ruleTypes ?? null,
      key.quota?.minutesPerDay ?? null,
      key.quota?.minutesPerMonth ?? null,
      key.quota?.openJobs ?? null,
    ],
  )
  if (rows[0] === undefined)
    throw new Fault('Conflict', `Key ${secretId} already exists. Choose another SecretId.`)
  return { ...rows[0], secretKey }
}

export type KeyQuery = {
  readonly encryptionKey: Buffer
  readonly secretId: string
  /** Whether to find revoked keys too, which still sign the callbacks of their jobs. Default: false. */
  readonly includeRevoked?: boolean | undefined
}

/**
 * Returns the key with its secret, or null if it does not exist.
 *
 * @throws Fault InvalidSettings if the secret was encrypted with another encryption key.
 */
export async function findKey(
  db: Database,
  { encryptionKey, secretId, includeRevoked = false }: KeyQuery,
): Promise<ApiKey | null> {
  const { rows } = await db.pool.query<Omit<ApiKey, 'secretKey'> & { sealed: Buffer }>(
    `select ${COLUMNS}, secret as sealed from api_keys where secret_id = $1 and (revoked_at is null or $2)`,
    [secretId, includeRevoked],
  )
  if (rows[0] === undefined) return null
  const { sealed, ...key } = rows[0]
  return { ...key, secretKey: openSecret({ encryptionKey, secretId, sealed }) }
}

/** All keys that are not revoked, oldest first, without their secrets. */
export async function listKeys(db: Database): Promise<KeyRecord[]> {
  const { rows } = await db.pool.query<KeyRecord>(
    `select ${RECORD} from api_keys k where revoked_at is null order by created_at, secret_id`,
  )
  return rows
}

const RECORD = `${COLUMNS}, created_at as "createdAt", last_used_at as "lastUsedAt",
  last_used_address as "lastUsedAddress", (
    select coalesce(sum(u.processed_ms), 0)::float8 / 60000 from usage_by_day u
    where u.secret_id = k.secret_id and ${BILLED} and u.day > (clock_timestamp() at time zone 'utc')::date - 30
  ) as "minutesLast30Days", ${QUOTA}, ${QUOTA_USE}`

type KeyChanges = { readonly [K in keyof KeyPolicy]?: KeyPolicy[K] | undefined } & {
  readonly name?: string | undefined
  readonly quota?: QuotaChanges | undefined
}

/** Changes what a key may do. Absent fields keep their values. Null if there is no such key, or it is revoked. */
export async function updateKey(
  db: Database,
  secretId: string,
  { name, quota = {}, ...policy }: KeyChanges,
): Promise<KeyRecord | null> {
  const columns = {
    actions: 'actions',
    ruleTypes: 'rule_types',
    libraries: 'libraries',
    buckets: 'buckets',
    region: 'region',
  } as const
  const values: unknown[] = [secretId, name ?? null]
  const changes = (Object.keys(columns) as (keyof KeyPolicy)[]).flatMap((field) =>
    policy[field] === undefined ? [] : [`, ${columns[field]} = $${values.push(policy[field])}`],
  )
  const limits = (Object.keys(quotaColumns) as (keyof Quota)[]).flatMap((limit) =>
    quota[limit] === undefined ? [] : [`, ${quotaColumns[limit]} = $${values.push(quota[limit])}`],
  )
  const { rows } = await db.pool.query<KeyRecord>(
    `update api_keys k set name = coalesce($2, name)${[...changes, ...limits].join('')}
     where secret_id = $1 and revoked_at is null returning ${RECORD}`,
    values,
  )
  return rows[0] ?? null
}

/** Ids of keys that are not revoked, the most recently used first. */
export async function listKeyIds(db: Database, { limit }: { readonly limit: number }): Promise<string[]> {
  const { rows } = await db.pool.query<{ secretId: string }>(
    `select secret_id as "secretId" from api_keys where revoked_at is null
     order by last_used_at desc nulls last limit $1`,
    [limit],
  )
  return rows.map(({ secretId }) => secretId)
}

/**
 * Revokes a key; false if there is no such key. Its row remains to sign the callbacks of its jobs, so its id cannot be
 * used again.
 */
export async function revokeKey(db: Database, secretId: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    'update api_keys set revoked_at = clock_timestamp() where secret_id = $1 and revoked_at is null',
    [secretId],
  )
  return rowCount === 1
}

/** Records that the key was used, and from where, at most once a minute. */
export async function touchKey(db: Database, secretId: string, address: string | null = null): Promise<void> {
  await db.pool.query(
    `update api_keys set last_used_at = clock_timestamp(), last_used_address = $2 where secret_id = $1
       and (last_used_at is null or last_used_at < clock_timestamp() - interval '1 minute')`,
    [secretId, address],
  )
}
