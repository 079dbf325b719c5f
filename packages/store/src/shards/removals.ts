import { errorCode } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { deleteIndexRows, dropIndexPartitions } from '../search-index/partitions.ts'
import { transaction } from '../transaction.ts'
import { onShard, ShardUnavailable } from './shards.ts'

/** Copies that are removed per call. */
const MAX_REMOVALS = 200

type Removal = {
  readonly id: string
  readonly shard: string | null
  readonly libraryNumber: number
  readonly fingerprintId: string | null
  /** Whether the primary names this copy, so it stays. */
  readonly isNamed: boolean
}

/** Removes copies that are due from shards, and from the primary after a move. What cannot be reached waits. */
export async function removeOldCopies(db: Database): Promise<{ readonly removed: number }> {
  const { rows: homes } = await db.pool.query<{ shard: string | null }>(
    'select distinct shard from shard_removals where due_at <= clock_timestamp()',
  )
  let removed = 0
  for (const { shard } of homes) {
    try {
      removed += await removeFrom(db, shard)
    } catch (error) {
      if (!(error instanceof ShardUnavailable)) throw error
    }
  }
  return { removed }
}

async function removeFrom(db: Database, shard: string | null): Promise<number> {
  const { rows } = await db.pool.query<Removal>(
    `select r.id, r.shard, r.library_number as "libraryNumber", r.fingerprint_id as "fingerprintId",
       exists (select from fingerprints f where f.id = r.fingerprint_id and f.shard is not distinct from r.shard)
         as "isNamed"
     from shard_removals r where r.due_at <= clock_timestamp() and r.shard is not distinct from $1
     order by r.id limit $2`,
    [shard, MAX_REMOVALS],
  )
  for (const removal of rows) {
    if (!removal.isNamed) {
      if (shard === null) await removeRows(db, removal)
      else await onShard(db, shard, (server) => removeContent(server, removal))
    }
    await db.pool.query('delete from shard_removals where id = $1', [removal.id])
  }
  return rows.length
}

/** Removes a fingerprint or a whole library from a shard. */
async function removeContent(server: Database, removal: Removal): Promise<void> {
  const { libraryNumber, fingerprintId } = removal
  if (fingerprintId !== null) {
    await removeRows(server, removal)
    await server.pool.query('delete from fingerprints where id = $1', [fingerprintId])
    return
  }
  await transaction(server, async (client) => {
    const { rowCount } = await client.query('delete from libraries where number = $1', [libraryNumber])
    if (rowCount === 1) await dropIndexPartitions(client, libraryNumber)
  })
}

async function removeRows({ pool }: Database, { libraryNumber, fingerprintId }: Removal): Promise<void> {
  await deleteIndexRows(pool, { libraryNumber, fingerprintId: Number(fingerprintId) }).catch(
    (error: unknown) => {
      // undefined_table: the library was deleted with all of its rows.
      if (errorCode(error) !== '42P01') throw error
    },
  )
}

/** A copy that the primary does not name may be one that is being written. */
const ORPHAN_AGE_MS = 3_600_000
const PAGE_SIZE = 5_000

/**
 * Removes fingerprints from a shard that the primary does not name there, such as after a restore of the primary.
 * Returns their number; without `remove` it only counts them.
 */
export async function sweepShard(
  db: Database,
  name: string,
  { olderThanMs = ORPHAN_AGE_MS, remove = true }: SweepOptions = {},
): Promise<number> {
  let orphans = 0
  let lastId = '0'
  for (;;) {
    const page = await onShard(db, name, async ({ pool }) => {
      const { rows } = await pool.query<{ id: string; number: number; isOld: boolean }>(
        `select id, library_number as number, staged_at <= clock_timestamp() - $2 * interval '1 millisecond' as "isOld"
         from fingerprints where id > $1 order by id limit ${PAGE_SIZE}`,
        [lastId, olderThanMs],
      )
      return rows
    })
    const end = page.at(-1)
    if (end === undefined) return orphans
    lastId = end.id
    const old = page.filter(({ isOld }) => isOld)
    const { rows: named } = await db.pool.query<{ id: string }>(
      'select id from fingerprints where id = any($1) and shard = $2',
      [old.map(({ id }) => id), name],
    )
    const known = new Set(named.map(({ id }) => id))
    const unnamed = old.filter(({ id }) => !known.has(id))
    orphans += unnamed.length
    if (!remove || unnamed.length === 0) continue
    await db.pool.query(
      `insert into shard_removals (shard, library_number, fingerprint_id, due_at)
       select $1, n, i, clock_timestamp() from unnest($2::int[], $3::bigint[]) as given (n, i)`,
      [name, unnamed.map(({ number }) => number), unnamed.map(({ id }) => id)],
    )
  }
}

type SweepOptions = { readonly olderThanMs?: number; readonly remove?: boolean }
