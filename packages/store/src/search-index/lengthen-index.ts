import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '../database.ts'
import { shardsOfLibrary } from '../shards/ask-shards.ts'
import { onServer } from '../shards/shards.ts'
import { withLongTimeout } from '../statement.ts'
import { longIndexName, longKeySql, readIndexSize } from './long-keys.ts'
import { estimateRows } from './nearest-neighbours.ts'
import { type IndexKind, indexKinds, partitionName } from './partitions.ts'

/** With fewer rows than this, over all servers, 24 bits divide an index well enough: 2^24 buckets of 16 rows. */
const MIN_ROWS = 2 ** 28
/** Between two looks at a build. */
const PROGRESS_MS = 5_000

/** An index over long keys, on one server. */
export type LongIndex = {
  readonly dnaDbId: string
  readonly kind: IndexKind
  /** Null for the primary. */
  readonly shard: string | null
  /** Rows on all servers together. */
  readonly rows: number
}

export type LengthenOptions = {
  /** Least number of rows of an index that gets long keys. Default: 268 million. */
  readonly minRows?: number
  /** Called every 5 s while an index is built, with 0..1. */
  readonly onProgress?: (index: LongIndex, fraction: number) => void
}

/**
 * Builds the index over long keys for each library whose index of frames or of audio is large enough, on every server with
 * rows of it. Searches and writes go on meanwhile. What exists is left alone, and a build that broke off begins again.
 * Returns what was built.
 *
 * @throws ShardUnavailable if a shard is away.
 */
export async function lengthenIndexes(
  db: Database,
  { minRows = MIN_ROWS, onProgress = () => undefined }: LengthenOptions = {},
): Promise<readonly LongIndex[]> {
  const { rows: libraries } = await db.pool.query<{ number: number; dnaDbId: string }>(
    'select number, dna_db_id as "dnaDbId" from libraries order by number',
  )
  const built: LongIndex[] = []
  for (const { number: libraryNumber, dnaDbId } of libraries) {
    const shards = await shardsOfLibrary(db, libraryNumber)
    for (const kind of indexKinds) {
      const { rows, shards: used } = await estimateRows(db, { kind, libraryNumber, shards })
      if (rows < minRows) continue
      for (const shard of [null, ...used]) {
        const index = { dnaDbId, kind, shard, rows }
        const build = (server: Database) =>
          buildLongIndex(server, {
            kind,
            libraryNumber,
            onProgress: (fraction) => onProgress(index, fraction),
          })
        if (await onServer(db, shard, build)) built.push(index)
      }
    }
  }
  return built
}

type Build = {
  readonly kind: IndexKind
  readonly libraryNumber: number
  readonly onProgress: (fraction: number) => void
}

/** False if there was nothing to do. */
async function buildLongIndex(db: Database, { kind, libraryNumber, onProgress }: Build): Promise<boolean> {
  const { bytes, hasLongKeys } = await readIndexSize(db, { kind, libraryNumber })
  if (bytes === 0 || hasLongKeys) return false
  const [name, table] = [longIndexName(kind, libraryNumber), partitionName(kind, libraryNumber)]
  // The embedded database has one session, which nothing else can use meanwhile.
  const concurrently = db.embedded ? '' : 'concurrently'
  const building = new AbortController()
  const reports = reportProgress(db, { table, onProgress, signal: building.signal })
  try {
    // A build that broke off leaves an index that is invalid.
    await db.pool.query(withLongTimeout(`drop index ${concurrently} if exists ${name}`))
    await db.pool.query(
      withLongTimeout(
        `create index ${concurrently} ${name} on ${table} (${longKeySql(kind)}) include (time_ms, fingerprint_id, hash)`,
      ),
    )
    // The planner needs to know how the keys are distributed.
    await db.pool.query(withLongTimeout(`analyze ${table}`))
  } finally {
    building.abort()
    await reports
  }
  return true
}

type Reports = {
  readonly table: string
  readonly onProgress: (fraction: number) => void
  readonly signal: AbortSignal
}

async function reportProgress(db: Database, { table, onProgress, signal }: Reports): Promise<void> {
  for (;;) {
    await delay(PROGRESS_MS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    const { rows } = await db.pool
      .query<{ fraction: number }>(
        `select (blocks_done::float8 / greatest(1, blocks_total) + tuples_done::float8 / greatest(1, tuples_total)) / 2 as fraction
         from pg_stat_progress_create_index where relid = $1::regclass`,
        [table],
      )
      .catch(() => ({ rows: [] }))
    if (rows[0] !== undefined) onProgress(rows[0].fraction)
  }
}
