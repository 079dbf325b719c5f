import type { Database } from '../database.ts'
import { indexTables, type KeyKind } from '../search-index/partitions.ts'
import { type Home, readFromShards } from '../shards/read-from-shards.ts'
import { onServer } from '../shards/shards.ts'
import { withLongTimeout } from '../statement.ts'

/** Leases that expired more recently are left to the reconciler, which requeues their jobs. */
const LEASE_GRACE_SECONDS = 30

async function countOf(db: Database, sql: string, values: readonly unknown[] = []): Promise<number> {
  const { rows } = await db.pool.query<{ count: string }>(withLongTimeout(sql, values))
  return Number(rows[0]?.count ?? 0)
}

/** Counts running jobs whose lease expired more than 30 s ago. */
export function countDeadLeases(db: Database): Promise<number> {
  return countOf(
    db,
    `select count(*) from jobs where state = 'Running' and lease_until < clock_timestamp() - $1 * interval '1 second'`,
    [LEASE_GRACE_SECONDS],
  )
}

/** Counts fingerprints that were staged at least `olderThanMs` ago and belong to no video. */
export function countOrphanFingerprints(
  db: Database,
  { olderThanMs }: { readonly olderThanMs: number },
): Promise<number> {
  return countOf(
    db,
    `select count(*) from fingerprints f where staged_at <= clock_timestamp() - $1 * interval '1 millisecond'
       and not exists (select from videos v where v.fingerprint_id = f.id)`,
    [olderThanMs],
  )
}

const DANGLING = 'not exists (select from fingerprints f where f.id = i.fingerprint_id)'

/** Counts rows of the search index whose fingerprint the same server does not have, in the primary or on a shard. */
export function countDanglingRows(db: Database, shard: string | null = null): Promise<number> {
  return onServer(db, shard, async (server) => {
    let count = 0
    for (const table of indexTables) {
      count += await countOf(server, `select count(*) from ${table} i where ${DANGLING}`)
    }
    return count
  })
}

/**
 * Deletes rows of the search index whose fingerprint the same server does not have, in the primary or on a shard. Returns
 * the number of deleted rows.
 */
export function removeDanglingRows(db: Database, shard: string | null = null): Promise<number> {
  return onServer(db, shard, async ({ pool }) => {
    let removed = 0
    for (const table of indexTables) {
      const { rowCount } = await pool.query(withLongTimeout(`delete from ${table} i where ${DANGLING}`))
      removed += rowCount ?? 0
    }
    return removed
  })
}

/** Index rows of each fingerprint in `f (id, library_number)`. */
const rowsIn = (table: string): string =>
  `(select count(*) from ${table} i where i.library_number = f.library_number and i.fingerprint_id = f.id)::int`
const HASH_COUNT = `(${rowsIn('frame_index')} + ${rowsIn('audio_index')})`
const KEYPOINT_COUNT = rowsIn('keypoint_index')
const LANDMARK_COUNT = rowsIn('landmark_index')

/** Number of index rows of a video: of its frames and audio, of its keypoints, and of its landmarks. */
export type IndexRowCounts = Readonly<Record<'hashes' | KeyKind, number>>
const NO_ROWS: IndexRowCounts = { hashes: 0, keypoints: 0, landmarks: 0 }

/**
 * The index rows of each video in a library, by VideoId. A black and silent video has none.
 *
 * @throws ShardUnavailable if a shard of the library is away.
 */
export async function countIndexRows(
  db: Database,
  { dnaDbId, videoIds = null }: { readonly dnaDbId: string; readonly videoIds?: readonly string[] | null },
): Promise<ReadonlyMap<string, IndexRowCounts>> {
  const { rows } = await db.pool.query<Home & IndexRowCounts & { videoId: string }>(
    withLongTimeout(
      `select v.video_id as "videoId", f.id as "fingerprintId", f.shard,
         case when f.shard is null then ${HASH_COUNT} else 0 end as hashes,
         case when f.shard is null then ${KEYPOINT_COUNT} else 0 end as keypoints,
         case when f.shard is null then ${LANDMARK_COUNT} else 0 end as landmarks
       from videos v join libraries l on l.number = v.library_number join fingerprints f on f.id = v.fingerprint_id
       where l.dna_db_id = $1 and ($2::text[] is null or v.video_id = any($2)) order by v.video_id`,
      [dnaDbId, videoIds],
    ),
  )
  const sharded = await readFromShards<IndexRowCounts & { id: string }>(
    db,
    rows,
    `select id, ${HASH_COUNT} as hashes, ${KEYPOINT_COUNT} as keypoints, ${LANDMARK_COUNT} as landmarks
     from fingerprints f where id = any($1)`,
  )
  const counts = new Map(sharded.map(({ id, ...own }) => [id, own]))
  return new Map(
    rows.map(({ videoId, shard, fingerprintId, ...own }) => [
      videoId,
      shard === null ? own : (counts.get(fingerprintId) ?? NO_ROWS),
    ]),
  )
}

/** Returns the ids in the list that belong to no stored video. */
export async function unknownVideos(db: Database, videoIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from unnest($1::text[]) as given (id) where not exists (select from videos where video_id = id)',
    [videoIds],
  )
  return rows.map(({ id }) => id)
}

const STRANDED = `state = 'Pause' and exists (select from queues q where q.queue_id = j.queue_id and q.state = 'Active')`

/** Counts paused jobs of queues that are not paused. Without a repair, they would never be resumed. */
export function countStrandedJobs(db: Database): Promise<number> {
  return countOf(db, `select count(*) from jobs j where ${STRANDED}`)
}

/**
 * Resumes paused jobs of queues that are not paused and dispatches them at once. Returns the number of resumed jobs.
 */
export async function resumeStrandedJobs(db: Database): Promise<number> {
  const { rowCount } = await db.pool.query(
    `update jobs j set state = 'Submitted', dispatched_at = '-infinity' where ${STRANDED}`,
  )
  return rowCount ?? 0
}

/** The totals of each library, computed from its videos. Milliseconds are rounded per video, as countVideos does. */
const TOTALS = `select l.number, l.dna_db_id, count(v.video_id)::int as videos,
    coalesce(sum(round(v.duration_seconds * 1000)), 0)::bigint as ms, coalesce(sum(v.frame_count), 0)::bigint as frames
  from libraries l left join videos v on v.library_number = l.number group by l.number, l.dna_db_id`
const DIFFERENT = '(l.video_count, l.total_ms, l.total_frames) is distinct from (t.videos, t.ms, t.frames)'

/** Ids of libraries whose totals differ from the sums over their videos. */
export async function listWrongTotals(db: Database): Promise<readonly string[]> {
  const { rows } = await db.pool.query<{ dnaDbId: string }>(
    withLongTimeout(`select t.dna_db_id as "dnaDbId" from libraries l join (${TOTALS}) t on t.number = l.number
     where ${DIFFERENT} order by t.dna_db_id`),
  )
  return rows.map(({ dnaDbId }) => dnaDbId)
}

/** Replaces a library's totals with the sums over its videos. */
export async function recountLibrary(db: Database, dnaDbId: string): Promise<void> {
  await db.pool.query(
    withLongTimeout(
      `update libraries l set video_count = t.videos, total_ms = t.ms, total_frames = t.frames
       from (${TOTALS}) t where t.number = l.number and t.dna_db_id = $1`,
      [dnaDbId],
    ),
  )
}
