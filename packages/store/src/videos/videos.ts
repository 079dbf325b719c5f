import { Fault, type Page, type PageBounds, pageOf } from '@kinoprint/core'
import type { Database, Queryable } from '../database.ts'
import { finishJob, lockJob } from '../jobs/finish-job.ts'
import type { JobFence } from '../jobs/job.ts'
import { lockLibrary } from '../libraries.ts'
import { deleteIndexRows } from '../search-index/partitions.ts'
import { transaction } from '../transaction.ts'
import { VIDEO_COLUMNS, type VideoFilter, videoStatements } from './video-statements.ts'

export type Video = {
  readonly videoId: string
  readonly dnaDbId: string
  readonly bucket: string
  readonly region: string
  readonly object: string
  /** Including its quotes. */
  readonly etag: string
  /** Decimal seconds. */
  readonly durationSeconds: number
  readonly width: number
  readonly height: number
  readonly hasAudio: boolean
  /** Number of sampled frames. */
  readonly frameCount: number
  /** The name that ffprobe gives the codec of the picture, such as `h264`. Null: stored before this was recorded. */
  readonly codec: string | null
  /** Frames per second. */
  readonly fps: number | null
  /** Size of the file. */
  readonly bytes: number | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

const FROM = 'from videos v join libraries l on l.number = v.library_number'

/** Returns a page of the videos in scope, newest first unless the filter names another order. */
export async function listVideos(db: Database, filter: PageBounds & VideoFilter): Promise<Page<Video>> {
  const { page, total } = videoStatements(filter)
  const { rows } = await db.pool.query<Video>(page.text, [...page.values])
  const counted = await db.pool.query<{ total: string }>(total.text, [...total.values])
  return pageOf(rows, { filter, total: Number(counted.rows[0]?.total ?? 0) })
}

export type VideoKey = { readonly dnaDbId: string; readonly videoId: string }

/** Returns the video, or null if this library has none with this id. */
export async function getVideo(db: Database, { dnaDbId, videoId }: VideoKey): Promise<Video | null> {
  const { rows } = await db.pool.query<Video>(
    `select ${VIDEO_COLUMNS} ${FROM} where l.dna_db_id = $1 and v.video_id = $2`,
    [dnaDbId, videoId],
  )
  return rows[0] ?? null
}

/** Returns a video of any library, or null if none has this id. */
export async function findVideo(db: Database, videoId: string): Promise<Video | null> {
  const { rows } = await db.pool.query<Video>(`select ${VIDEO_COLUMNS} ${FROM} where v.video_id = $1`, [
    videoId,
  ])
  return rows[0] ?? null
}

export type StoredObject = Pick<Video, 'dnaDbId' | 'videoId' | 'object'>

/** Returns the videos of all libraries that were stored from these objects, oldest first. */
export async function findVideosOfObjects(
  db: Database,
  { bucket, objects }: { readonly bucket: string; readonly objects: readonly string[] },
): Promise<StoredObject[]> {
  if (objects.length === 0) return []
  const { rows } = await db.pool.query<StoredObject>(
    `select l.dna_db_id as "dnaDbId", v.video_id as "videoId", v.object ${FROM}
     where v.object = any($2) and v.bucket = $1 order by v.created_at, v.video_id`,
    [bucket, objects],
  )
  return rows
}

export type ObjectKey = { readonly dnaDbId: string; readonly bucket: string; readonly object: string }

/** Returns the library's video of this object, or null. Its etag shows whether the content is the same. */
export async function findVideoByObject(
  db: Database,
  { dnaDbId, bucket, object }: ObjectKey,
): Promise<Video | null> {
  const { rows } = await db.pool.query<Video>(
    `select ${VIDEO_COLUMNS} ${FROM} where l.dna_db_id = $1 and v.bucket = $2 and v.object = $3`,
    [dnaDbId, bucket, object],
  )
  return rows[0] ?? null
}

/**
 * Returns a video of this bucket with this content, in any library, or null. Reads all videos, because there is no
 * index on content.
 */
export async function findVideoByContent(
  db: Database,
  { bucket, etag }: { readonly bucket: string; readonly etag: string },
): Promise<Video | null> {
  const { rows } = await db.pool.query<Video>(
    `select ${VIDEO_COLUMNS} ${FROM} where v.bucket = $1 and v.etag = $2 limit 1`,
    [bucket, etag],
  )
  return rows[0] ?? null
}

/**
 * Deletes a video with its fingerprint and index rows. With a fence, the job ends with Success in the same transaction.
 * Null if the library has no such video; the job then keeps running.
 *
 * @throws Fault Cancelled if the worker has lost the job; nothing is deleted then.
 */
export function deleteVideo(
  db: Database,
  { dnaDbId, videoId, jobFence = null }: VideoKey & { readonly jobFence?: JobFence | null | undefined },
): Promise<Video | null> {
  return transaction(db, async (client) => {
    const job = jobFence === null ? null : await lockJob(client, jobFence)
    const library = await lockLibrary(client, dnaDbId)
    if (library === null) return null
    const { rows } = await client.query<Video & { fingerprintId: string }>(
      `delete from videos v using libraries l
       where l.number = v.library_number and l.number = $1 and v.video_id = $2
       returning ${VIDEO_COLUMNS}, v.fingerprint_id as "fingerprintId"`,
      [library.number, videoId],
    )
    if (rows[0] === undefined) return null
    const { fingerprintId, ...video } = rows[0]
    await removeFingerprint(client, { libraryNumber: library.number, fingerprintId: Number(fingerprintId) })
    await countVideos(client, library.number, {
      videos: -1,
      durationSeconds: -video.durationSeconds,
      frames: -video.frameCount,
    })
    if (job !== null) {
      const result = { videoId, durationSeconds: video.durationSeconds, detections: [] }
      await finishJob(client, job, { state: 'Success', result })
    }
    return video
  })
}

/** Deletes a fingerprint that no video refers to any longer, with its index rows. Those on a shard follow later. */
export async function removeFingerprint(
  client: Queryable,
  { libraryNumber, fingerprintId }: { readonly libraryNumber: number; readonly fingerprintId: number },
): Promise<void> {
  await deleteIndexRows(client, { libraryNumber, fingerprintId })
  await client.query(
    `with removed as (delete from fingerprints where id = $1 returning shard)
     insert into shard_removals (shard, library_number, fingerprint_id)
     select shard, $2, $1 from removed where shard is not null`,
    [fingerprintId, libraryNumber],
  )
}

type Change = { readonly videos: number; readonly durationSeconds: number; readonly frames: number }

/** Adds to a library's totals. The caller has locked its row. */
export async function countVideos(client: Queryable, libraryNumber: number, change: Change): Promise<void> {
  await client.query(
    `update libraries set video_count = video_count + $2, total_ms = total_ms + $3,
       total_frames = total_frames + $4 where number = $1`,
    [libraryNumber, change.videos, toMs(change.durationSeconds), change.frames],
  )
}

/** Whole milliseconds, so that exactly the same amount can be subtracted later. */
function toMs(seconds: number): number {
  if (!Number.isFinite(seconds))
    throw new Fault('InvalidArgument', `${seconds} is not a duration. Pass finite seconds.`)
  return Math.sign(seconds) * Math.round(Math.abs(seconds) * 1000)
}
