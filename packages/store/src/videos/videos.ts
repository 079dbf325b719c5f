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
  /** With its quotes. */
  readonly etag: string
  readonly durationSeconds: number
  readonly width: number
  readonly height: number
  readonly hasAudio: boolean
  /** Frames that were sampled. */
  readonly frameCount: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

const FROM = 'from videos v join libraries l on l.number = v.library_number'

/** Newest first. */
export const listVideos = async (db: Database, filter: PageBounds & VideoFilter): Promise<Page<Video>> => {
  const { page, total } = videoStatements(filter)
  const { rows } = await db.pool.query<Video>(page.text, [...page.values])
  const counted = await db.pool.query<{ total: string }>(total.text, [...total.values])
  return pageOf(rows, { filter, total: Number(counted.rows[0]?.total ?? 0) })
}

export type VideoKey = { readonly dnaDbId: string; readonly videoId: string }

export const getVideo = async (db: Database, { dnaDbId, videoId }: VideoKey): Promise<Video | null> => {
  const { rows } = await db.pool.query<Video>(
    `select ${VIDEO_COLUMNS} ${FROM} where l.dna_db_id = $1 and v.video_id = $2`,
    [dnaDbId, videoId],
  )
  return rows[0] ?? null
}

export type ObjectKey = { readonly dnaDbId: string; readonly bucket: string; readonly object: string }

/** The video made from this object, if the library holds one: its etag says whether the content is the same. */
export const findVideoByObject = async (
  db: Database,
  { dnaDbId, bucket, object }: ObjectKey,
): Promise<Video | null> => {
  const { rows } = await db.pool.query<Video>(
    `select ${VIDEO_COLUMNS} ${FROM} where l.dna_db_id = $1 and v.bucket = $2 and v.object = $3`,
    [dnaDbId, bucket, object],
  )
  return rows[0] ?? null
}

/** A video of this bucket with this content, in any library. Reads all videos: there is no index on content. */
export const findVideoByContent = async (
  db: Database,
  { bucket, etag }: { readonly bucket: string; readonly etag: string },
): Promise<Video | null> => {
  const { rows } = await db.pool.query<Video>(
    `select ${VIDEO_COLUMNS} ${FROM} where v.bucket = $1 and v.etag = $2 limit 1`,
    [bucket, etag],
  )
  return rows[0] ?? null
}

/**
 * Removes the video, its fingerprint and its index rows; null where the library holds no such video (the job is
 * left running then). With a fence the job succeeds in the same transaction, or nothing happens and Fault
 * Cancelled says that somebody else holds the job.
 */
export const deleteVideo = (
  db: Database,
  { dnaDbId, videoId, jobFence = null }: VideoKey & { readonly jobFence?: JobFence | null | undefined },
): Promise<Video | null> =>
  transaction(db, async (client) => {
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

/** Takes a fingerprint that no video points to any more out of the library. */
export const removeFingerprint = async (
  client: Queryable,
  { libraryNumber, fingerprintId }: { readonly libraryNumber: number; readonly fingerprintId: number },
): Promise<void> => {
  await deleteIndexRows(client, { libraryNumber, fingerprintId })
  await client.query('delete from fingerprints where id = $1', [fingerprintId])
}

type Change = { readonly videos: number; readonly durationSeconds: number; readonly frames: number }

/** Adds to the library's totals; its row is locked by the caller. */
export const countVideos = async (
  client: Queryable,
  libraryNumber: number,
  change: Change,
): Promise<void> => {
  await client.query(
    `update libraries set video_count = video_count + $2, total_ms = total_ms + $3,
       total_frames = total_frames + $4 where number = $1`,
    [libraryNumber, change.videos, toMs(change.durationSeconds), change.frames],
  )
}

/** Whole milliseconds, so that what is taken away later is exactly what was added. */
const toMs = (seconds: number): number => {
  if (!Number.isFinite(seconds)) throw new Fault('InvalidArgument', `${seconds} is no duration.`)
  return Math.sign(seconds) * Math.round(Math.abs(seconds) * 1000)
}
