import { errorText, Fault } from '@kinoprint/core'
import type pg from 'pg'
import { ANSWER_MS, answerInTime } from '../answer-in-time.ts'
import type { Database } from '../database.ts'
import { isDatabaseUnavailable } from '../database-errors.ts'
import { migrate } from '../migrate.ts'

/** How long a shard is left alone after a failure. */
const AWAY_MS = 5_000
/** Below the 30 s that the program waits for a statement. */
const ASK_MS = 25_000

/** What a fingerprint does whose shard is away: wait for it, or take an id of another shard of its library. */
export type StoreWhenAway = 'wait' | 'elsewhere'

type Shard = {
  readonly name: string
  readonly db: Database
  /** Settles when it is confirmed that this is the right server; null before that and after a failure. */
  confirmed: Promise<void> | null
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
  /** A shard that takes longer to answer a trivial statement counts as away. */
  readonly answerMs: number
  /** Longest wait for the rows of all shards, in the middle of a search. */
  readonly askMs: number
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
  readonly answerMs?: number
  readonly askMs?: number
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
  const { databases, migrationsDir, whenAway = 'elsewhere' } = options
  const { awayMs = AWAY_MS, answerMs = ANSWER_MS, askMs = ASK_MS } = options
  if (databases.size === 0) return primary
  const byName = new Map(
    [...databases].map(([name, db]): [string, Shard] => [
      name,
      { name, db, confirmed: null, awayUntilMs: 0, problem: null },
    ]),
  )
  const close = async (): Promise<void> => {
    await Promise.all([...databases.values()].map((db) => db.close()))
    await primary.close()
  }
  return {
    ...primary,
    shards: { byName, migrationsDir, whenAway, awayMs, answerMs, askMs, missing: null },
    close,
  }
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
async function reachShard(db: Database, name: string): Promise<Database> {
  const shard = requireShard(db, name)
  if (shard.awayUntilMs > performance.now()) throw new ShardUnavailable(name, shard.problem ?? 'It failed.')
  // Searches that arrive while it is confirmed wait together.
  shard.confirmed ??= confirm(db, shard)
  try {
    await shard.confirmed
  } catch (error) {
    throw shardFailure(db, { name, error })
  }
  return shard.db
}

async function confirm(db: Database, shard: Shard): Promise<void> {
  await answerInTime(shard.db, { text: 'select', answerMs: db.shards?.answerMs })
  await migrate(shard.db, { dir: db.shards?.migrationsDir ?? '' })
  const own = await readInstallation(db)
  const other = await readInstallation(shard.db)
  if (own.id !== other.id || other.shard !== shard.name)
    throw new Fault('InvalidSettings', 'SHARD_URLS names another database than the one that was added.')
  shard.problem = null
}

/**
 * Asks a shard for nothing, to learn whether it answers now.
 *
 * @throws ShardUnavailable if it does not answer within 5 s.
 */
export async function pingShard(db: Database, name: string): Promise<void> {
  await readFromShard(db, { name, text: 'select' })
}

type ShardRead = { readonly name: string; readonly text: string; readonly values?: readonly unknown[] }

/**
 * Runs a statement on a shard that reads next to nothing.
 *
 * @throws ShardUnavailable if it does not answer within 5 s.
 */
export async function readFromShard<Row extends pg.QueryResultRow>(
  db: Database,
  { name, ...statement }: ShardRead,
): Promise<Row[]> {
  const answerMs = db.shards?.answerMs
  const { rows } = await onShard(db, name, (shard) => answerInTime<Row>(shard, { ...statement, answerMs }))
  return rows
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

/** Works on the primary (null) or on a shard. */
export function onServer<T>(
  db: Database,
  shard: string | null,
  work: (server: Database) => Promise<T>,
): Promise<T> {
  return shard === null ? work(db) : onShard(db, shard, work)
}

/** As `onShard`, but null if the shard is away and the database tolerates that. */
export function onShardIfPresent<T>(
  db: Database,
  name: string,
  work: (shard: Database) => Promise<T>,
): Promise<T | null> {
  return ifPresent(db, async () => {
    // Work may take long. Whether the shard answers at all shows sooner.
    await pingShard(db, name)
    return onShard(db, name, work)
  })
}

/** The result of work on a shard; null if the shard is away and the database tolerates that. */
export async function ifPresent<T>(db: Database, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    const missing = db.shards?.missing ?? null
    if (!(error instanceof ShardUnavailable) || missing === null) throw error
    missing.add(error.shard)
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
    shard.confirmed = null
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
