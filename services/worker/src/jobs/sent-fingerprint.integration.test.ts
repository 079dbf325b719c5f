import { encodeFingerprint } from '@kinoprint/dna'
import { enqueueFingerprintJob, getVideo, type Job, listVideos } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  cut,
  type Footage,
  fingerprintOf,
  footage,
} from '../../../../packages/dna/testing/synthetic-fingerprint.ts'
import type { RunningWorker } from '../start-worker.ts'
import { BUCKET, openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'

vi.setConfig({ testTimeout: 120_000 })

let harness: WorkerHarness
let worker: RunningWorker
beforeAll(async () => {
  harness = await openWorkerHarness()
  worker = await harness.startWorker()
})
afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await harness.close()
})

const film = footage(1, 60)

type Sent = { readonly dnaDbId: string; readonly object: string; readonly ruleType?: 'FindSimilarVideo' }

async function send(made: Footage, { ruleType, ...sent }: Sent): Promise<Job> {
  const fingerprint = fingerprintOf(made, { bits: 6, seed: 3 })
  const job = await enqueueFingerprintJob(
    harness.db,
    { ruleType: ruleType ?? 'GetFingerPrint', bucket: BUCKET, region: 'local', ...sent },
    {
      data: encodeFingerprint(fingerprint),
      durationSeconds: fingerprint.durationSeconds,
      hasAudio: true,
      width: 640,
      height: 360,
      frameCount: 240,
      codec: 'h264',
      fps: 25,
      bytes: null,
    },
  )
  await harness.queue.enqueue(job.jobId, job.jobLevel)
  return harness.ended(job)
}

test('a fingerprint is stored without its file, and another one finds its seconds', async () => {
  const { dnaDbId } = await harness.createLibrary()
  const stored = await send(film, { dnaDbId, object: 'film.kfp' })
  expect(stored).toMatchObject({ state: 'Success', result: { detections: [], durationSeconds: 60 } })
  const videoId = stored.result?.videoId ?? ''
  expect(videoId).toBe(`dv${stored.jobId.slice(1)}`)
  expect(await getVideo(harness.db, { dnaDbId, videoId })).toMatchObject({
    object: 'film.kfp',
    etag: expect.stringContaining('kfp-'),
    codec: 'h264',
  })

  const query = { dnaDbId, object: 'clip.kfp', ruleType: 'FindSimilarVideo' } as const
  const found = await send(cut(film, 20, 40), query)
  const [detection, ...others] = found.result?.detections ?? []
  expect(others).toEqual([])
  expect(detection).toMatchObject({ videoId, matchId: expect.stringMatching(/^m/) })
  expect(detection?.segments[0]?.refStart).toBeCloseTo(20, 0)
  expect(detection?.segments[0]?.refEnd).toBeCloseTo(40, 0)
  expect(await harness.count('sent_fingerprints')).toBe(0)

  // The query was kept, so its VideoId searches again.
  const again = await harness.run({ ...query, object: 'clip.kfp', videoId: found.result?.videoId })
  expect(again.result?.detections[0]?.matchId).toBe(detection?.matchId)
})

test('the same fingerprint under the same name is stored once, and another one replaces it', async () => {
  const { dnaDbId } = await harness.createLibrary()
  const first = await send(film, { dnaDbId, object: 'film.kfp' })
  const second = await send(film, { dnaDbId, object: 'film.kfp' })
  expect(second.result).toEqual(first.result)
  const third = await send(footage(2, 30), { dnaDbId, object: 'film.kfp' })
  expect(third.result).toMatchObject({ videoId: first.result?.videoId, durationSeconds: 30 })
  expect((await listVideos(harness.db, { dnaDbId })).total).toBe(1)
})

test('storing a fingerprint reports earlier videos of the library that it matches', async () => {
  const { dnaDbId } = await harness.createLibrary()
  const { result } = await send(film, { dnaDbId, object: 'film.kfp' })
  const part = await send(cut(film, 10, 40), { dnaDbId, object: 'part.kfp' })
  expect(part.result?.detections.map(({ videoId }) => videoId)).toEqual([result?.videoId])
  expect((await listVideos(harness.db, { dnaDbId })).total).toBe(2)
})

test('a job that failed keeps its fingerprint for a retry, and loses it with its row', async () => {
  const { dnaDbId } = await harness.createLibrary({ capacity: 1 })
  await send(film, { dnaDbId, object: 'film.kfp' })
  const full = await send(footage(2, 30), { dnaDbId, object: 'other.kfp' })
  expect(full).toMatchObject({ state: 'Failed', code: 'CapacityExceeded' })
  expect(await harness.count('sent_fingerprints')).toBe(1)
  await harness.db.pool.query('delete from jobs where job_id = $1', [full.jobId])
  expect(await harness.count('sent_fingerprints')).toBe(0)
})
