import { randomBytes } from 'node:crypto'
import { hashDistance, MATCH_THRESHOLDS, type TimedHash, type TimedKeys } from '@kinoprint/dna'
import type { Database } from './database.ts'
import { claimJob } from './jobs/claim-job.ts'
import { enqueueJob, type NewJob } from './jobs/enqueue-jobs.ts'
import type { Job, JobFence } from './jobs/job.ts'
import { createLibrary, type Library, type NewLibrary } from './libraries.ts'
import { stageFingerprint } from './videos/fingerprints.ts'
import { type Publication, publishVideo } from './videos/publish-video.ts'
import type { Video } from './videos/videos.ts'

export function newLibrary(db: Database, changes: Partial<NewLibrary> = {}): Promise<Library> {
  return createLibrary(db, { name: 'films', bucket: 'films-125', region: 'local', ...changes })
}

export function randomHash(): Uint32Array {
  const bytes = randomBytes(32)
  return Uint32Array.from({ length: 8 }, (_, index) => bytes.readUInt32BE(index * 4))
}

/** A hash that differs from the given one in this many bits, spread over its words. */
export function withNoise(hash: Uint32Array, bits: number): Uint32Array {
  const noisy = hash.slice()
  for (let bit = 0; bit < bits; bit++)
    noisy[bit % 8] = ((noisy[bit % 8] ?? 0) ^ (1 << Math.floor(bit / 8))) >>> 0
  return noisy
}

export function hashes(count: number, stepMs = 4_000): TimedHash[] {
  const chosen: Uint32Array[] = []
  while (chosen.length < count) {
    const hash = randomHash()
    if (chosen.every((other) => isApart(hash, other))) chosen.push(hash)
  }
  return chosen.map((hash, index) => ({ timeMs: index * stepMs, hash }))
}

/** Whether two hashes do not count as similar. Of 2,000 random ones, five pairs do. */
function isApart(a: Uint32Array, b: Uint32Array): boolean {
  return hashDistance(a, 0, { b, j: 0 }) > MATCH_THRESHOLDS.video
}

/** Moments of four keys each that no other moment has. */
export function keys(count: number, stepMs = 2_000): TimedKeys[] {
  return Array.from({ length: count }, (_, index) => ({
    timeMs: index * stepMs,
    keys: Array.from({ length: 4 }, () => randomBytes(4).readUInt32BE() >>> 4),
  }))
}

export type Sample = {
  readonly object?: string
  readonly video?: readonly TimedHash[]
  readonly audio?: readonly TimedHash[]
  readonly keypoints?: readonly TimedKeys[]
  readonly landmarks?: readonly TimedKeys[]
  readonly data?: Uint8Array
}

export function stage(db: Database, dnaDbId: string, sample: Sample = {}): Promise<number> {
  return stageFingerprint(db, {
    dnaDbId,
    format: 1,
    data: sample.data ?? randomBytes(64),
    video: sample.video ?? hashes(3),
    audio: sample.audio ?? hashes(3),
    keypoints: sample.keypoints ?? keys(2),
    landmarks: sample.landmarks ?? keys(2),
  })
}

export function publication(
  dnaDbId: string,
  fingerprintId: number,
  changes: Partial<Publication> = {},
): Publication {
  return {
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
  }
}

export async function storeVideo(db: Database, dnaDbId: string, sample: Sample = {}): Promise<Video> {
  return publishVideo(
    db,
    publication(dnaDbId, await stage(db, dnaDbId, sample), { object: sample.object ?? 'a.mp4' }),
  )
}

export function newJob(db: Database, dnaDbId: string, changes: Partial<NewJob> = {}): Promise<Job> {
  return enqueueJob(db, {
    ruleType: 'GetFingerPrint',
    dnaDbId,
    bucket: 'films-125',
    region: 'local',
    object: 'a.mp4',
    ...changes,
  })
}

/** Claims the job, or throws. */
export async function claim(db: Database, jobId: string, leaseMs = 60_000): Promise<JobFence> {
  const claimed = await claimJob(db, { jobId, workerId: 'test', leaseMs })
  if (claimed.kind !== 'run') throw new Error(`The job was not claimed: ${JSON.stringify(claimed)}`)
  return claimed.fence
}
