import { videoIdOfJob } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { etagOfFingerprint } from '../exchange/fingerprint-file.ts'
import type { PortableFacts, PortableVideo } from '../exchange/portable-video.ts'
import { transaction } from '../transaction.ts'
import { enqueueJobIn, type NewJob } from './enqueue-jobs.ts'
import type { Job } from './job.ts'

/** A fingerprint that was sent for a job in place of a file. */
export type SentFingerprint = PortableFacts & { readonly etag: string; readonly data: Uint8Array }

/**
 * Writes a job that stores a fingerprint or searches with it. The job's VideoId is its own, which tells it from a job with
 * an object. Throws as `enqueueJob`.
 */
export function enqueueFingerprintJob(
  db: Database,
  job: NewJob,
  { data, ...facts }: Omit<PortableVideo, 'name'>,
): Promise<Job> {
  return transaction(db, async (client) => {
    const { jobId, ...written } = await enqueueJobIn(client, job)
    const videoId = videoIdOfJob(jobId)
    await client.query('update jobs set video_id = $2 where job_id = $1', [jobId, videoId])
    await client.query(
      `insert into sent_fingerprints (job_id, etag, data, duration_seconds, width, height, has_audio, frame_count,
         codec, fps, bytes)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        jobId,
        etagOfFingerprint(data),
        Buffer.from(data.buffer, data.byteOffset, data.byteLength),
        facts.durationSeconds,
        facts.width,
        facts.height,
        facts.hasAudio,
        facts.frameCount,
        facts.codec,
        facts.fps,
        facts.bytes,
      ],
    )
    return { ...written, jobId, videoId }
  })
}

/** The fingerprint that was sent for a job; null if there is none, or the job has succeeded. */
export async function readSentFingerprint(db: Database, jobId: string): Promise<SentFingerprint | null> {
  const { rows } = await db.pool.query<SentFingerprint>(
    `select etag, data, duration_seconds as "durationSeconds", width, height, has_audio as "hasAudio",
       frame_count as "frameCount", codec, fps, bytes::float8 as bytes
     from sent_fingerprints where job_id = $1`,
    [jobId],
  )
  return rows[0] ?? null
}

/** Deletes what was sent for a job that has succeeded. One that failed keeps it, for a retry. */
export async function discardSentFingerprint(db: Database, jobId: string): Promise<void> {
  await db.pool.query('delete from sent_fingerprints where job_id = $1', [jobId])
}
