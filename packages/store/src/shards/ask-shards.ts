import { errorCode } from '@kinoprint/core'
import type pg from 'pg'
import { isTimeout } from '../answer-in-time.ts'
import type { Database, Queryable } from '../database.ts'
import { isDatabaseUnavailable } from '../database-errors.ts'
import { type IndexSize, indexSizeOf } from '../search-index/long-keys.ts'
import type { IndexKind } from '../search-index/partitions.ts'
import { STATEMENT_TIMEOUT_MS, withTimeout } from '../statement.ts'
import { ifPresent, pingShard, readFromShard } from './shards.ts'

/** The shards that hold rows of a library, by name. */
export async function shardsOfLibrary(db: Database, libraryNumber: number): Promise<readonly string[]> {
  const { rows } = await db.pool.query<{ name: string }>(
    `select name from shards s
     where exists (select from fingerprints f where f.shard = s.name and f.library_number = $1) order by name`,
    [libraryNumber],
  )
  return rows.map(({ name }) => name)
}

/** What each shard that can be reached has of a library's index of one kind, by its name. All are asked at once. */
export async function indexSizesOnShards(
  db: Database,
  { shards, kind, libraryNumber }: ShardQuery,
): Promise<ReadonlyMap<string, IndexSize>> {
  const found = new Map<string, IndexSize>()
  const reads = shards.map((name) =>
    ifPresent(db, async () => {
      const [size] = await readFromShard<IndexSize>(db, { name, ...indexSizeOf({ kind, libraryNumber }) })
      if (size !== undefined) found.set(name, size)
    }),
  )
  await Promise.all(reads)
  return found
}

type ShardQuery = {
  readonly shards: readonly string[]
  readonly kind: IndexKind
  readonly libraryNumber: number
}

/** A statement that each shard runs: its text, and the values of `$1` to `$5` (null for those that it does not use). */
export type ShardStatement = {
  readonly text: string
  readonly hashes: readonly string[]
  readonly limit: number
  readonly firstKeys: readonly number[] | null
  readonly keyWidth: number | null
  readonly keysPerHash: number | null
}

/** Name of the session setting with the connection of each shard, as JSON. It is never stored in the database. */
export const SHARDS_SETTING = 'kinoprint.shards'

/** Connections of a session to shards that came back are still broken, and fail one after the other. */
const MAX_REPEATS = 5

/**
 * Runs a statement on these shards at once, through PL/Proxy on the primary, and returns the rows of all. If a shard
 * fails, those that can still be reached are asked again.
 */
export async function askShards<Row>(
  db: Database,
  shards: readonly string[],
  statement: ShardStatement,
): Promise<Row[]> {
  let asked = shards
  // One session throughout, because each has connections of its own to the shards.
  let session = await db.pool.connect()
  let broken = false
  try {
    for (let repeats = 0; asked.length > 0; repeats++) {
      try {
        return await askAll<Row>(session, asked, { ...statement, askMs: db.shards?.askMs })
      } catch (error) {
        const hangs = isTimeout(error)
        if (!hangs && !isShardFailure(error)) throw error
        broken = hangs
        if (hangs) session = await replaceSession(db, session)
        broken = false
        if (repeats === (hangs ? 1 : MAX_REPEATS)) throw error
        asked = await reachable(db, asked)
      }
    }
    return []
  } finally {
    session.release(broken)
  }
}

/**
 * Ends a session that waits for a shard which hangs. Its own time limit does not end such a wait, and a cancelled one waits
 * for the shard again, to pass the cancellation on.
 */
async function replaceSession({ pool }: Database, session: pg.PoolClient): Promise<pg.PoolClient> {
  const { processID } = session as pg.PoolClient & { readonly processID: number }
  await pool.query('select pg_terminate_backend($1)', [processID])
  const next = await pool.connect()
  session.release(true)
  return next
}

/** PL/Proxy names the function, and has no code of its own for connections. */
function isShardFailure(error: unknown): boolean {
  const isOfProxy = error instanceof Error && /ask_shards\(\d+\): /.test(error.message)
  return isOfProxy && (errorCode(error) === 'XX000' || isDatabaseUnavailable(error))
}

type TimedStatement = ShardStatement & { readonly askMs: number | undefined }

async function askAll<Row>(
  client: Queryable,
  shards: readonly string[],
  { text, hashes, limit, firstKeys, keyWidth, keysPerHash, askMs = STATEMENT_TIMEOUT_MS }: TimedStatement,
): Promise<Row[]> {
  const { rows } = await client.query(
    withTimeout(
      askMs,
      `select query, fingerprint_id as "fingerprintId", time_ms as "refMs", distance
       from ask_shards($1, $2, $3, $4, $5, $6, $7)`,
      [shards.join(','), text, hashes, limit, firstKeys, keyWidth, keysPerHash],
    ),
  )
  return rows
}

/** Asks one shard for nothing through PL/Proxy, to learn whether the primary can reach it. */
export async function askNothing(db: Database, shard: string): Promise<void> {
  const statement = { hashes: [], limit: 0, firstKeys: null, keyWidth: null, keysPerHash: null }
  await askShards(db, [shard], { text: 'select 0, 0::bigint, 0, 0::float8 where false', ...statement })
}

/** Those of the shards that answer. */
async function reachable(db: Database, shards: readonly string[]): Promise<string[]> {
  const answers = shards.map((name) =>
    ifPresent(db, async () => {
      await pingShard(db, name)
      return name
    }),
  )
  return (await Promise.all(answers)).filter((name) => name !== null)
}
