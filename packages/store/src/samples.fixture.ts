import { randomBytes } from 'node:crypto'
import type { Probe } from '@kinoprint/dna'
import type { Database } from './database.ts'
import { claimJob } from './jobs/claim-job.ts'
import { enqueueJob, type NewJob } from './jobs/enqueue-jobs.ts'
import type { Job, JobFence } from './jobs/job.ts'
import { createLibrary, type Library, type NewLibrary } from './libraries.ts'
import { stageFingerprint } from './videos/fingerprints.ts'
import { type Publication, publishVideo } from './videos/publish-video.ts'
import type { Video } from './videos/videos.ts'

export const newLibrary = (db: Database, changes: Partial<NewLibrary> = {}): Promise<Library> =>
  createLibrary(db, { name: 'films', bucket: 'films-125', region: 'local', ...changes })

export const randomHash = (): Uint32Array => {
  const bytes = randomBytes(32)
  return Uint32Array.from({ length: 8 }, (_, index) => bytes.readUInt32BE(index * 4))
}

/** A hash that differs from the given one in so many bits, spread over its words. */
export const withNoise = (hash: Uint32Array, bits: number): Uint32Array => {
  const noisy = hash.slice()
  for (let bit = 0; bit < bits; bit++)
    noisy[bit % 8] = ((noisy[bit % 8] ?? 0) ^ (1 << Math.floor(bit / 8))) >>> 0
  return noisy
}

export const hashes = (count: number, stepMs = 4_000): Probe[] =>
  Array.from({ length: count }, (_, index) => ({ timeMs: index * stepMs, hash: randomHash() }))

export type Sample = {
  readonly object?: string
  readonly video?: readonly Probe[]
  readonly audio?: readonly Probe[]
  readonly data?: Uint8Array
}

export const stage = (db: Database, dnaDbId: string, sample: Sample = {}): Promise<number> =>
  stageFingerprint(db, {
    dnaDbId,
    format: 1,
    data: sample.data ?? randomBytes(64),
    video: sample.video ?? hashes(3),
    audio: sample.audio ?? hashes(3),
  })

export const publication = (
  dnaDbId: string,
  fingerprintId: number,
  changes: Partial<Publication> = {},
): Publication => ({
  jobFence: null,
  dnaDbId,
  bucket: 'films-125',
  region: 'local',
  object: 'a.mp4',
  etag: '"1"',
  durationSeconds: 10.5,
  width: 640,
  height: 360,
  hasAudio: true,
  frameCount: 42,
  fingerprintId,
  ...changes,
})

export const storeVideo = async (db: Database, dnaDbId: string, sample: Sample = {}): Promise<Video> =>
  publishVideo(
    db,
    publication(dnaDbId, await stage(db, dnaDbId, sample), { object: sample.object ?? 'a.mp4' }),
  )

export const newJob = (db: Database, dnaDbId: string, changes: Partial<NewJob> = {}): Promise<Job> =>
  enqueueJob(db, {
    ruleType: 'GetFingerPrint',
    dnaDbId,
    bucket: 'films-125',
    region: 'local',
    object: 'a.mp4',
    ...changes,
  })

/** Takes the job, or throws. */
export const claim = async (db: Database, jobId: string, leaseMs = 60_000): Promise<JobFence> => {
  const claimed = await claimJob(db, { jobId, workerId: 'test', leaseMs })
  if (claimed.kind !== 'run') throw new Error(`The job was not given: ${JSON.stringify(claimed)}`)
  return claimed.fence
}
