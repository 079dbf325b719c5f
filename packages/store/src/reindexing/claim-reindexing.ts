import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'

/** The next video of a re-indexing. */
export type VideoToReindex = {
  readonly reindexingId: number
  /** The id of its fingerprint, which is the position of the re-indexing after it. */
  readonly fingerprintId: number
  readonly dnaDbId: string
  readonly videoId: string
  readonly bucket: string
  readonly object: string
  readonly etag: string
  /** Whether its fingerprint has an older format, so that it must be made from the object. */
  readonly isOldFormat: boolean
  /** Whether its index rows are to be made again. */
  readonly needsRows: boolean
}

type Claimed = {
  readonly id: number
  readonly scope: string
  readonly dnaDbId: string | null
  readonly format: number
  readonly indexVersion: number
  readonly position: string
  readonly lastId: string
}

export type ReindexingClaim = { readonly workerId: string; readonly leaseMs: number }

/**
 * Claims the next video of the running re-indexing. Null if none is running, another worker holds it, or it must pause.
 * Ends a re-indexing that has no further video.
 */
export async function claimVideoToReindex(
  db: Database,
  { workerId, leaseMs }: ReindexingClaim,
): Promise<VideoToReindex | null> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<Claimed>(
      `update reindexings set worker_id = $1, lease_until = clock_timestamp() + $2 * interval '1 millisecond'
       where state = 'Running' and next_at <= clock_timestamp()
         and (worker_id = $1 or lease_until <= clock_timestamp())
       returning reindexing_id::float8 as id, scope, dna_db_id as "dnaDbId", format,
         index_version as "indexVersion", position, last_id as "lastId"`,
      [workerId, leaseMs],
    )
    const [run] = rows
    if (run === undefined) return null
    const { rows: videos } = await client.query<VideoToReindex>(
      `select $1::float8 as "reindexingId", f.id::float8 as "fingerprintId", l.dna_db_id as "dnaDbId",
         v.video_id as "videoId", v.bucket, v.object, v.etag, f.format < $2 as "isOldFormat",
         $6 = 'all' or f.index_version < $3 as "needsRows"
       from fingerprints f join videos v on v.fingerprint_id = f.id join libraries l on l.number = v.library_number
       where f.id > $4 and f.id <= $5 and ($6 = 'all' or f.format < $2 or f.index_version < $3)
         and ($7::text is null or l.dna_db_id = $7)
       order by f.id limit 1`,
      [run.id, run.format, run.indexVersion, run.position, run.lastId, run.scope, run.dnaDbId],
    )
    if (videos[0] !== undefined) return videos[0]
    await client.query(
      `update reindexings set state = 'Done', ended_at = clock_timestamp() where reindexing_id = $1`,
      [run.id],
    )
    return null
  })
}

/** Keeps the lease of a worker that decodes a long video. False if the re-indexing was stopped. */
export async function renewReindexing(
  db: Database,
  { reindexingId, workerId, leaseMs }: ReindexingClaim & { readonly reindexingId: number },
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `update reindexings set lease_until = clock_timestamp() + $3 * interval '1 millisecond'
     where reindexing_id = $1 and worker_id = $2 and state = 'Running'`,
    [reindexingId, workerId, leaseMs],
  )
  return rowCount === 1
}

/** What became of a video: `gone` if it was replaced or deleted meanwhile. */
export type ReindexingOutcome = 'decoded' | 'rebuilt' | 'gone' | { readonly failure: string }

export type ReindexedVideo = Pick<VideoToReindex, 'reindexingId' | 'fingerprintId' | 'videoId'> & {
  readonly workerId: string
  readonly outcome: ReindexingOutcome
  /** Before the next video. */
  readonly pauseMs: number
}

/** Records a video and goes on to the next after a pause, which is longer if the re-indexing is limited. */
export function recordReindexedVideo(
  db: Database,
  { reindexingId, fingerprintId, videoId, workerId, outcome, pauseMs }: ReindexedVideo,
): Promise<void> {
  const failure = typeof outcome === 'string' ? null : outcome.failure
  return transaction(db, async (client) => {
    const { rowCount } = await client.query(
      `update reindexings set position = $3, decoded = decoded + ($4 = 'decoded')::int,
         rebuilt = rebuilt + ($4 = 'rebuilt')::int, failed = failed + ($4 = 'failed')::int,
         next_at = clock_timestamp()
           + greatest($5 * interval '1 millisecond', coalesce(interval '1 minute' / videos_per_minute, interval '0'))
       where reindexing_id = $1 and worker_id = $2 and position < $3`,
      [reindexingId, workerId, fingerprintId, failure === null ? outcome : 'failed', pauseMs],
    )
    if (rowCount === 0 || failure === null) return
    await client.query(
      `insert into reindexing_failures (reindexing_id, video_id, reason)
       select $1, video_id, $3 from videos where video_id = $2 on conflict do nothing`,
      [reindexingId, videoId, failure],
    )
  })
}
