import type { Database } from '../database.ts'
import { withLongTimeout } from '../statement.ts'

/** A lease that has just run out is everyday business of the reconciler. */
const LEASE_GRACE_SECONDS = 30

const countOf = async (db: Database, sql: string, values: readonly unknown[] = []): Promise<number> => {
  const { rows } = await db.pool.query<{ count: string }>(withLongTimeout(sql, values))
  return Number(rows[0]?.count ?? 0)
}

/** Jobs that count as running although their worker has been silent for long. */
export const countDeadLeases = (db: Database): Promise<number> =>
  countOf(
    db,
    `select count(*) from jobs where state = 'Running' and lease_until < clock_timestamp() - $1 * interval '1 second'`,
    [LEASE_GRACE_SECONDS],
  )

/** Fingerprints that were staged so long ago and that no video points to. */
export const countOrphanFingerprints = (
  db: Database,
  { olderThanMs }: { readonly olderThanMs: number },
): Promise<number> =>
  countOf(
    db,
    `select count(*) from fingerprints f where staged_at <= clock_timestamp() - $1 * interval '1 millisecond'
       and not exists (select from videos v where v.fingerprint_id = f.id)`,
    [olderThanMs],
  )

const INDEX_TABLES = ['frame_index', 'audio_index'] as const
const DANGLING = 'not exists (select from fingerprints f where f.id = i.fingerprint_id)'

/** Rows of the candidate index whose fingerprint is gone. */
export const countDanglingRows = async (db: Database): Promise<number> => {
  let count = 0
  for (const table of INDEX_TABLES) {
    count += await countOf(db, `select count(*) from ${table} i where ${DANGLING}`)
  }
  return count
}

/** Removes them; answers how many there were. */
export const removeDanglingRows = async (db: Database): Promise<number> => {
  let removed = 0
  for (const table of INDEX_TABLES) {
    const { rowCount } = await db.pool.query(withLongTimeout(`delete from ${table} i where ${DANGLING}`))
    removed += rowCount ?? 0
  }
  return removed
}

/** How many rows of the candidate index each of a library's videos has; 0 for a black and silent one. */
export const countIndexRows = async (
  db: Database,
  { dnaDbId, videoIds = null }: { readonly dnaDbId: string; readonly videoIds?: readonly string[] | null },
): Promise<ReadonlyMap<string, number>> => {
  const { rows } = await db.pool.query<{ videoId: string; rows: number }>(
    withLongTimeout(
      `select v.video_id as "videoId",
         ((select count(*) from frame_index i
             where i.library_number = v.library_number and i.fingerprint_id = v.fingerprint_id)
           + (select count(*) from audio_index i
             where i.library_number = v.library_number and i.fingerprint_id = v.fingerprint_id))::int as rows
       from videos v join libraries l on l.number = v.library_number
       where l.dna_db_id = $1 and ($2::text[] is null or v.video_id = any($2)) order by v.video_id`,
      [dnaDbId, videoIds],
    ),
  )
  return new Map(rows.map((row) => [row.videoId, row.rows]))
}

/** Those of these ids that no video has. */
export const unknownVideos = async (
  db: Database,
  videoIds: readonly string[],
): Promise<readonly string[]> => {
  const { rows } = await db.pool.query<{ id: string }>(
    'select id from unnest($1::text[]) as given (id) where not exists (select from videos where video_id = id)',
    [videoIds],
  )
  return rows.map(({ id }) => id)
}

const STRANDED = `state = 'Pause' and exists (select from queues q where q.queue_id = j.queue_id and q.state = 'Active')`

/** Jobs that are paused although their queue is not: nobody would ever resume them. */
export const countStrandedJobs = (db: Database): Promise<number> =>
  countOf(db, `select count(*) from jobs j where ${STRANDED}`)

/** Has them wait again, and dispatched at once; answers how many there were. */
export const resumeStrandedJobs = async (db: Database): Promise<number> => {
  const { rowCount } = await db.pool.query(
    `update jobs j set state = 'Submitted', dispatched_at = '-infinity' where ${STRANDED}`,
  )
  return rowCount ?? 0
}

/** Totals as they are shown beside what the videos add up to; milliseconds as they were added. */
const TOTALS = `select l.number, l.dna_db_id, count(v.video_id)::int as videos,
    coalesce(sum(round(v.duration_seconds * 1000)), 0)::bigint as ms, coalesce(sum(v.frame_count), 0)::bigint as frames
  from libraries l left join videos v on v.library_number = l.number group by l.number, l.dna_db_id`
const DIFFERENT = '(l.video_count, l.total_ms, l.total_frames) is distinct from (t.videos, t.ms, t.frames)'

/** Libraries whose totals are not those of their videos. */
export const listWrongTotals = async (db: Database): Promise<readonly string[]> => {
  const { rows } = await db.pool.query<{ dnaDbId: string }>(
    withLongTimeout(`select t.dna_db_id as "dnaDbId" from libraries l join (${TOTALS}) t on t.number = l.number
     where ${DIFFERENT} order by t.dna_db_id`),
  )
  return rows.map(({ dnaDbId }) => dnaDbId)
}

/** Counts a library's videos and replaces its totals. */
export const recountLibrary = async (db: Database, dnaDbId: string): Promise<void> => {
  await db.pool.query(
    withLongTimeout(
      `update libraries l set video_count = t.videos, total_ms = t.ms, total_frames = t.frames
       from (${TOTALS}) t where t.number = l.number and t.dna_db_id = $1`,
      [dnaDbId],
    ),
  )
}
