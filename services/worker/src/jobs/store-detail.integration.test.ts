import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFingerprint } from '@kinoprint/dna'
import { getVideo, loadFingerprints, updateLibrary } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import type { RunningWorker } from '../start-worker.ts'
import { openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'

// Videos are decoded: seconds on an idle machine, minutes on a busy one.
vi.setConfig({ testTimeout: 300_000 })

const SECONDS = 40
const clips = mkdtempSync(join(tmpdir(), 'kinoprint-detail-'))
let harness: WorkerHarness
let worker: RunningWorker

beforeAll(async () => {
  const film = join(clips, 'film.mp4')
  // Only the regular keyframes, one in three seconds.
  const keyframes = (frames: number) => ['-g', String(frames), '-sc_threshold', '0']
  await renderFootage(film, { seed: 1, seconds: SECONDS, output: keyframes(45) })
  await renderFootage(join(clips, 'one.mp4'), { seed: 2, seconds: SECONDS, output: keyframes(9999) })
  for (const [name, of] of [
    ['mirrored.mp4', film],
    ['one-mirrored.mp4', join(clips, 'one.mp4')],
  ] as const) {
    await ffmpeg('-ss', '8', '-t', '24', '-i', of, '-vf', 'hflip', '-an', join(clips, name))
  }
  harness = await openWorkerHarness()
  worker = await harness.startWorker()
  for (const name of ['film.mp4', 'one.mp4', 'mirrored.mp4', 'one-mirrored.mp4'])
    harness.put(join(clips, name), name)
})

afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await harness.close()
  rmSync(clips, { recursive: true, force: true })
})

async function store(dnaDbId: string, object: string) {
  const job = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object })
  expect(job.state).toBe('Success')
  const videoId = job.result?.videoId ?? ''
  const fingerprint = (await loadFingerprints(harness.db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  return {
    videoId,
    video: await getVideo(harness.db, { dnaDbId, videoId }),
    stored: decodeFingerprint(fingerprint?.data ?? new Uint8Array()),
    bytes: fingerprint?.data.length ?? 0,
  }
}

async function expectMirroredExcerpt(
  dnaDbId: string,
  { object, videoId }: { object: string; videoId: string },
) {
  const found = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object })
  expect(found.result?.detections.map((one) => one.videoId)).toEqual([videoId])
  const [segment, ...others] = found.result?.detections[0]?.segments ?? []
  expect(others).toEqual([])
  expect(segment).toMatchObject({ kind: 'video', mirrored: true, speed: 1 })
  expect(Math.abs((segment?.refStart ?? 99) - 8)).toBeLessThan(0.5)
  expect(Math.abs((segment?.refEnd ?? 99) - 32)).toBeLessThan(0.5)
}

test('a library of keyframes finds a silent mirrored excerpt at the right seconds', async () => {
  const full = await store((await harness.createLibrary()).dnaDbId, 'film.mp4')
  const { dnaDbId } = await harness.createLibrary({ storeDetail: 'keyframes' })
  const { videoId, video, stored, bytes } = await store(dnaDbId, 'film.mp4')
  expect([...stored.video.startMs].map((ms) => Math.round(ms / 1000))).toEqual([
    0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39,
  ])
  expect(video?.frameCount).toBe(stored.video.startMs.length)
  expect(bytes).toBeLessThan(full.bytes / 2)
  expect(stored.audio).toEqual(full.stored.audio)
  for (const name of ['poster.jpg', 'sprite.jpg', 'sprite.json'])
    expect(existsSync(join(harness.thumbnailsDir, videoId, name))).toBe(true)
  await expectMirroredExcerpt(dnaDbId, { object: 'mirrored.mp4', videoId })
})

test('of a file with a single keyframe, a library of keyframes stores a frame in two seconds', async () => {
  const { dnaDbId } = await harness.createLibrary({ storeDetail: 'keyframes' })
  const { videoId, stored } = await store(dnaDbId, 'one.mp4')
  expect(stored.video.intervalMs).toBe(2000)
  expect(stored.video.startMs.length).toBeGreaterThanOrEqual(SECONDS / 2)
  expect(stored.video.startMs.length).toBeLessThanOrEqual(SECONDS / 1.75 + 1)
  await expectMirroredExcerpt(dnaDbId, { object: 'one-mirrored.mp4', videoId })
})

test('storing a video again applies the changed detail of its library', async () => {
  const { dnaDbId } = await harness.createLibrary({ storeDetail: 'keyframes' })
  const sparse = await store(dnaDbId, 'film.mp4')
  expect((await store(dnaDbId, 'film.mp4')).video).toEqual(sparse.video)
  await updateLibrary(harness.db, dnaDbId, { storeDetail: 'full' })
  const full = await store(dnaDbId, 'film.mp4')
  expect(full.videoId).toBe(sparse.videoId)
  expect(full.stored.video.intervalMs).toBe(250)
  expect(full.video?.frameCount).toBeGreaterThan(3 * SECONDS)
})
