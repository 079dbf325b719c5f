import { Fault, newVideoId, videoIdOfJob } from '@kinoprint/core'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { finishJob, lockJob } from '../jobs/finish-job.ts'
import type { JobFence, JobResult } from '../jobs/job.ts'
import { type LockedLibrary, lockLibrary, unknownLibrary } from '../libraries.ts'
import type { Findings } from '../matches/findings.ts'
import { transaction } from '../transaction.ts'
import { VIDEO_COLUMNS } from './video-statements.ts'
import { countVideos, removeFingerprint, type Video } from './videos.ts'

/** What is not known of every file. Default: null. */
type FileFacts = Pick<Video, 'codec' | 'fps' | 'bytes'>

export type Publication = Omit<Video, 'videoId' | 'createdAt' | 'updatedAt' | keyof FileFacts> &
  Partial<FileFacts> & {
    /** Null for a video without a job, as in the command line's scan. */
    readonly jobFence: JobFence | null
    readonly fingerprintId: number
    /** The id of a new video without a job, unless another video has it. Default: a new id. */
    readonly wantedVideoId?: string | undefined
    /** The job's result. Its videoId is set on publication. */
    readonly result?:
      | (Pick<JobResult, 'durationSeconds' | 'detections' | 'missingShards'> & {
          readonly videoId?: string | undefined
        })
      | undefined
    /** What the search of its job found; absent if it did not search. */
    readonly findings?: Findings | undefined
  }

type Previous = {
  readonly videoId: string
  readonly fingerprintId: string
  readonly durationSeconds: number
  readonly frameCount: number
}

/**
 * Publishes a staged fingerprint as a video and ends its job with Success, in one short transaction. An object that the
 * library already holds keeps its VideoId and gets the new fingerprint.
 *
 * @throws Fault CapacityExceeded if the library is full, Cancelled if the worker has lost the job, Conflict if the
 * fingerprint is no longer staged. Nothing has changed then; the caller discards the staged fingerprint.
 */
export function publishVideo(db: Database, publication: Publication): Promise<Video> {
  return transaction(db, async (client) => {
    const { dnaDbId, jobFence, fingerprintId } = publication
    const job = jobFence === null ? null : await lockJob(client, jobFence)
    const library = await lockLibrary(client, dnaDbId)
    if (library === null) throw unknownLibrary(dnaDbId)
    await checkStaged(client, library, fingerprintId)
    const previous = await findPrevious(client, library, publication)
    if (previous === null && library.videoCount >= library.capacity) {
      const full = `Library ${dnaDbId} is full with ${library.videoCount} videos`
      throw new Fault('CapacityExceeded', `${full}. Raise its capacity or delete videos.`)
    }
    const video = await writeVideo(client, { library, publication, previous })
    if (previous !== null) {
      await removeFingerprint(client, {
        libraryNumber: library.number,
        fingerprintId: Number(previous.fingerprintId),
      })
      await countVideos(client, library.number, {
        videos: -1,
        durationSeconds: -previous.durationSeconds,
        frames: -previous.frameCount,
      })
    }
    await countVideos(client, library.number, {
      videos: 1,
      durationSeconds: video.durationSeconds,
      frames: video.frameCount,
    })
    if (job !== null) {
      const { durationSeconds, detections, missingShards } = publication.result ?? {
        durationSeconds: video.durationSeconds,
        detections: [],
      }
      const result = { videoId: video.videoId, durationSeconds, detections, missingShards, stored: true }
      await finishJob(client, job, { state: 'Success', result, findings: publication.findings })
    }
    return video
  })
}

async function checkStaged(
  client: pg.PoolClient,
  library: LockedLibrary,
  fingerprintId: number,
): Promise<void> {
  const { rowCount } = await client.query(
    'select from fingerprints where id = $1 and library_number = $2 for update',
    [fingerprintId, library.number],
  )
  if (rowCount !== 1) {
    throw new Fault(
      'Conflict',
      `Fingerprint ${fingerprintId} is no longer staged in this library. Stage it again.`,
    )
  }
}

async function findPrevious(
  client: pg.PoolClient,
  library: LockedLibrary,
  { bucket, object }: Publication,
): Promise<Previous | null> {
  const { rows } = await client.query<Previous>(
    `select video_id as "videoId", fingerprint_id as "fingerprintId", duration_seconds as "durationSeconds",
       frame_count as "frameCount"
     from videos where library_number = $1 and bucket = $2 and object = $3 for update`,
    [library.number, bucket, object],
  )
  return rows[0] ?? null
}

async function freeVideoId(client: pg.PoolClient, wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return newVideoId()
  const { rowCount } = await client.query('select from videos where video_id = $1', [wanted])
  return rowCount === 0 ? wanted : newVideoId()
}

type Write = {
  readonly library: LockedLibrary
  readonly publication: Publication
  readonly previous: Previous | null
}

async function writeVideo(client: pg.PoolClient, { library, publication, previous }: Write): Promise<Video> {
  const { jobFence, wantedVideoId } = publication
  // A new video gets its job's hex digits, so that the job and the video are recognisable as related.
  const newId = jobFence === null ? await freeVideoId(client, wantedVideoId) : videoIdOfJob(jobFence.jobId)
  const { rows } = await client.query<Video>(
    `with v as (
       insert into videos (video_id, library_number, bucket, region, object, etag, duration_seconds, width, height,
         has_audio, frame_count, fingerprint_id, codec, fps, bytes)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
       on conflict (library_number, bucket, object) do update set region = excluded.region, etag = excluded.etag,
         duration_seconds = excluded.duration_seconds, width = excluded.width, height = excluded.height,
         has_audio = excluded.has_audio, frame_count = excluded.frame_count,
         fingerprint_id = excluded.fingerprint_id, codec = excluded.codec, fps = excluded.fps,
         bytes = excluded.bytes, updated_at = clock_timestamp()
       returning *)
     select ${VIDEO_COLUMNS} from v join libraries l on l.number = v.library_number`,
    [
      previous?.videoId ?? newId,
      library.number,
      publication.bucket,
      publication.region,
      publication.object,
      publication.etag,
      publication.durationSeconds,
      publication.width,
      publication.height,
      publication.hasAudio,
      publication.frameCount,
      publication.fingerprintId,
      publication.codec ?? null,
      publication.fps ?? null,
      publication.bytes ?? null,
    ],
  )
  const [video] = rows
  if (video === undefined) throw new Error('The video was not written.')
  return video
}
