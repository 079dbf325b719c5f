import { errorText, Fault } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { isDatabaseUnavailable } from '../database-errors.ts'
import { migrate } from '../migrate.ts'

/** How long a shard is left alone after a failure. */
const AWAY_MS = 5_000

/** What a fingerprint does whose shard is away: wait for it, or take an id of another shard of its library. */
export type StoreWhenAway = 'wait' | 'elsewhere'

type Shard = {
  readonly name: string
  readonly db: Database
  confirmed: boolean
  awayUntilMs: number
  problem: string | null
}

/** The shards that SHARD_URLS names, whether they are registered or not. */
export type Shards = {
  readonly byName: ReadonlyMap<string, Shard>
  /** Folder of the migrations, which each shard has as well. */
  readonly migrationsDir: string
  readonly whenAway: StoreWhenAway
  readonly awayMs: number
  /** Names of shards that reads had to do without; null where a read without one of its shards fails. */
  readonly missing: Set<string> | null
}

export type ShardOptions = {
  /** Opened databases by the name of their shard. */
  readonly databases: ReadonlyMap<string, Database>
  readonly migrationsDir: string
  /** Default: elsewhere. */
  readonly whenAway?: StoreWhenAway | undefined
  readonly awayMs?: number
}

/** The shard of a fingerprint cannot be reached. Jobs wait for it without using up an attempt. */
export class ShardUnavailable extends Fault {
  readonly shard: string
  constructor(shard: string, message: string) {
    super('ServiceUnavailable', `Shard ${shard} cannot be used: ${message}`)
    this.shard = shard
  }
}

/** The primary with its shards. Closing it closes them too. */
export function withShards(primary: Database, options: ShardOptions): Database {
  const { databases, migrationsDir, whenAway = 'elsewhere', awayMs = AWAY_MS } = options
  if (databases.size === 0) return primary
  const byName = new Map(
    [...databases].map(([name, db]): [string, Shard] => [
      name,
      { name, db, confirmed: false, awayUntilMs: 0, problem: null },
    ]),
  )
  const close = async (): Promise<void> => {
    await Promise.all([...databases.values()].map((db) => db.close()))
    await primary.close()
  }
  return { ...primary, shards: { byName, migrationsDir, whenAway, awayMs, missing: null }, close }
}

/**
 * The same database for work that can do without a shard: what it reads lacks the videos of shards that are away, and
 * `missingShards` names them.
 */
export function toleratingShards(db: Database): Database {
  return db.shards === undefined ? db : { ...db, shards: { ...db.shards, missing: new Set() } }
}

/** A database for reading, such as a replica, with the shards of the primary. */
export function sharingShards(reading: Database, { shards }: Database): Database {
  return shards === undefined ? reading : { ...reading, shards }
}

/** The shards that reads of this database had to do without, by name. */
export function missingShards({ shards }: Database): readonly string[] {
  return [...(shards?.missing ?? [])].sort()
}

/**
 * The database of a registered shard. The first use migrates it and confirms that it belongs to this installation.
 *
 * @throws ShardUnavailable if it cannot be used now.
 */
export async function reachShard(db: Database, name: string): Promise<Database> {
  const shard = requireShard(db, name)
  if (shard.awayUntilMs > performance.now()) throw new ShardUnavailable(name, shard.problem ?? 'It failed.')
  if (shard.confirmed) return shard.db
  try {
    await migrate(shard.db, { dir: db.shards?.migrationsDir ?? '' })
    const own = await readInstallation(db)
    const other = await readInstallation(shard.db)
    if (own.id !== other.id || other.shard !== name)
      throw new Fault('InvalidSettings', 'SHARD_URLS names another database than the one that was added.')
  } catch (error) {
    throw shardFailure(db, { name, error })
  }
  shard.confirmed = true
  shard.problem = null
  return shard.db
}

/** Works on a shard. A failure to reach it becomes ShardUnavailable, and the shard is left alone for a while. */
export async function onShard<T>(
  db: Database,
  name: string,
  work: (shard: Database) => Promise<T>,
): Promise<T> {
  const shard = await reachShard(db, name)
  try {
    return await work(shard)
  } catch (error) {
    throw isDatabaseUnavailable(error) ? shardFailure(db, { name, error }) : error
  }
}

/** As `onShard`, but null if the shard is away and the database tolerates that. */
export async function onShardIfPresent<T>(
  db: Database,
  name: string,
  work: (shard: Database) => Promise<T>,
): Promise<T | null> {
  try {
    return await onShard(db, name, work)
  } catch (error) {
    const missing = db.shards?.missing ?? null
    if (!(error instanceof ShardUnavailable) || missing === null) throw error
    missing.add(name)
    return null
  }
}

/** Notes a failure of a shard, and returns what to throw. */
export function shardFailure(
  db: Database,
  { name, error }: { readonly name: string; readonly error: unknown },
): ShardUnavailable {
  if (error instanceof ShardUnavailable) return error
  const message = errorText(error)
  const shard = db.shards?.byName.get(name)
  if (shard !== undefined) {
    shard.confirmed = false
    shard.problem = message
    shard.awayUntilMs = performance.now() + (db.shards?.awayMs ?? AWAY_MS)
  }
  return new ShardUnavailable(name, message)
}

/** The database that SHARD_URLS names, before it is confirmed. */
export function requireShard(db: Database, name: string): Shard {
  const shard = db.shards?.byName.get(name)
  if (shard === undefined) throw new ShardUnavailable(name, 'SHARD_URLS does not name it. Add it there.')
  return shard
}

/** The shards that cannot be used now, with the reason. */
export function shardProblems({ shards }: Database): readonly {
  readonly name: string
  readonly message: string
}[] {
  return [...(shards?.byName.values() ?? [])].flatMap(({ name, problem }) =>
    problem === null ? [] : [{ name, message: problem }],
  )
}

export type Installation = { readonly id: string; readonly shard: string | null }

export async function readInstallation({ pool }: Pick<Database, 'pool'>): Promise<Installation> {
  const { rows } = await pool.query<Installation>('select id, shard from installation')
  return rows[0] ?? { id: '', shard: null }
}
