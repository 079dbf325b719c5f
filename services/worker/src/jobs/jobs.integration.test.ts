import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  decodeFingerprint,
  type Fingerprint,
  queryKeypointKeysOf,
  queryLandmarkKeysOf,
  type TimedHash,
  type TimedKeys,
} from '@kinoprint/dna'
import { searchLibrary, ThreadPool } from '@kinoprint/engine'
import { createKey, getVideo, listKeys, listVideos, loadFingerprints } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ffmpeg, renderFootage } from '../../../../tests/footage.ts'
import type { RunningWorker } from '../start-worker.ts'
import { BUCKET, openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'

// Videos are decoded: seconds on an idle machine, minutes on a busy one.
vi.setConfig({ testTimeout: 300_000 })

const clips = mkdtempSync(join(tmpdir(), 'kinoprint-jobs-'))
function clip(name: string): string {
  return join(clips, name)
}
let harness: WorkerHarness
let worker: RunningWorker

beforeAll(async () => {
  await renderFootage(clip('film.mp4'), { seed: 1, seconds: 20 })
  await renderFootage(clip('other.mp4'), { seed: 2, seconds: 12 })
  await ffmpeg(
    '-ss',
    '5',
    '-t',
    '8',
    '-i',
    clip('film.mp4'),
    '-vf',
    'scale=320:-2',
    '-crf',
    '32',
    clip('part.mp4'),
  )
  const higher = ['-af', 'asetrate=24740,aresample=22050', '-t', '17', '-vf', 'scale=64:-2,eq=brightness=-1']
  await ffmpeg('-i', clip('film.mp4'), ...higher, clip('higher.mp4'))
  writeFileSync(clip('text.mp4'), 'no video at all\n'.repeat(100))
  harness = await openWorkerHarness()
  worker = await harness.startWorker()
  for (const name of ['film.mp4', 'other.mp4', 'part.mp4', 'text.mp4']) harness.put(clip(name), name)
})

afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await harness.close()
  rmSync(clips, { recursive: true, force: true })
})

async function storedFingerprint(dnaDbId: string, videoId: string): Promise<Fingerprint> {
  const stored = await loadFingerprints(harness.db, { dnaDbId, videoIds: [videoId] })
  return decodeFingerprint(stored.get(videoId)?.data ?? new Uint8Array())
}

test('a video whose frames the index does not name is found as one of a few, or by its keypoints or landmarks', async () => {
  const { dnaDbId } = await harness.createLibrary()
  const { result } = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'part.mp4' })
  const videoId = result?.videoId ?? ''
  const none = { video: [], audio: [] }
  const fingerprint = await storedFingerprint(dnaDbId, videoId)
  const query = {
    fingerprint,
    hashes: none,
    furtherFrames: [] as TimedHash[],
    keypoints: [] as TimedKeys[],
    landmarks: [] as TimedKeys[],
  }
  const pool = new ThreadPool({ threads: 1 })
  const options = { signal: new AbortController().signal, onProgress: () => {} }
  const found = async (byIndexOnly = false) => {
    const matches = await searchLibrary({ ...harness, pool }, { dnaDbId, query, byIndexOnly }, options)
    return matches.map((match) => [match.videoId, match.accepted])
  }
  try {
    expect(await found()).toEqual([[videoId, true]])
    expect(await found(true)).toEqual([])
    const resize = 'update libraries set video_count = $2 where dna_db_id = $1'
    await harness.db.pool.query(resize, [dnaDbId, 101])
    expect(await found()).toEqual([[videoId, true]])
    await harness.db.pool.query(resize, [dnaDbId, 1001])
    expect(await found()).toEqual([])
    const keys = { keypoints: queryKeypointKeysOf, landmarks: queryLandmarkKeysOf }
    for (const kind of ['keypoints', 'landmarks'] as const) {
      Object.assign(query, { keypoints: [], landmarks: [], [kind]: keys[kind](fingerprint) })
      expect([kind, await found(), await found(true)]).toEqual([kind, [[videoId, true]], []])
    }
  } finally {
    await pool.close()
  }
})

test('sound at another pitch is found although the first lookup does not name it, by the index alone too', async () => {
  const { dnaDbId } = await harness.createLibrary()
  const { result } = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'film.mp4' })
  await harness.db.pool.query('update libraries set video_count = 1001 where dna_db_id = $1', [dnaDbId])
  const pool = new ThreadPool({ threads: 1 })
  const options = { signal: new AbortController().signal, onProgress: () => {} }
  try {
    const file = { tools: harness.tools, path: clip('higher.mp4'), maxSeconds: 60, ffmpegThreads: 1 }
    const { query } = await pool.run('query', file, options)
    const none = { video: [], audio: [] }
    const unnamed = { ...query, hashes: none, furtherFrames: [], keypoints: [], landmarks: [] }
    const found = async (byIndexOnly: boolean) =>
      searchLibrary({ ...harness, pool }, { dnaDbId, query: unnamed, byIndexOnly }, options)
    for (const byIndexOnly of [false, true]) {
      const [match] = await found(byIndexOnly)
      expect(match).toMatchObject({ videoId: result?.videoId, accepted: true })
      expect(match?.segments).toMatchObject([{ kind: 'audio' }])
      expect(match?.segments[0]?.speed).toBeCloseTo(24740 / 22050, 2)
    }
  } finally {
    await pool.close()
  }
})

test('an excerpt finds the stored video at the right seconds until it is deleted', {
  tags: ['rules-delete'],
}, async () => {
  const { dnaDbId } = await harness.createLibrary()
  const stored = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'film.mp4' })
  expect(stored).toMatchObject({ state: 'Success', progress: 1, attempts: 1 })
  const videoId = stored.result?.videoId ?? ''
  expect(await getVideo(harness.db, { dnaDbId, videoId })).toMatchObject({ object: 'film.mp4', width: 640 })
  expect(readdirSync(join(harness.thumbnailsDir, videoId)).sort()).toEqual([
    'poster.jpg',
    'sprite.jpg',
    'sprite.json',
  ])
  await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'other.mp4' })

  const found = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'part.mp4' })
  expect(found.state).toBe('Success')
  expect(found.result?.detections.map((one) => one.videoId)).toEqual([videoId])
  expect(found.result?.videoId).toBe(`dv${found.jobId.slice(1)}`)
  const segment = found.result?.detections[0]?.segments[0]
  expect(segment?.refStart).toBeGreaterThan(4)
  expect(segment?.refStart).toBeLessThan(6)
  expect(segment?.refEnd).toBeGreaterThan(12)
  expect(segment?.refEnd).toBeLessThan(14)

  const gone = await harness.run({ ruleType: 'DeleteFingerPrint', dnaDbId, videoId, object: 'film.mp4' })
  expect(gone).toMatchObject({ state: 'Success', result: { videoId } })
  // Thumbnails are removed after the job has ended.
  await expect.poll(() => existsSync(join(harness.thumbnailsDir, videoId))).toBe(false)
  const after = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'part.mp4' })
  expect(after.result?.detections).toEqual([])
  const again = await harness.run({ ruleType: 'DeleteFingerPrint', dnaDbId, videoId, object: 'film.mp4' })
  expect(again).toMatchObject({ state: 'Failed', code: 'InvalidArgument', attempts: 1 })
})

test('a video that is longer than the minutes left of its key is refused before it is decoded', {
  tags: ['key-quota'],
}, async () => {
  const { dnaDbId } = await harness.createLibrary()
  const encryptionKey = Buffer.alloc(32, 1)
  const { secretId } = await createKey(harness.db, {
    encryptionKey,
    name: 'limited',
    quota: { minutesPerDay: 1 },
  })
  const run = (object: string) =>
    harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object, secretId, bucket: BUCKET })
  expect(await run('film.mp4')).toMatchObject({ state: 'Success' })
  expect(await run('text.mp4')).toMatchObject({ state: 'Failed', code: 'ResourceNotSupported' })
  expect(await run('film.mp4')).toMatchObject({ state: 'Success' })
  expect(await run('other.mp4')).toMatchObject({ state: 'Success' })
  expect(await run('film.mp4')).toMatchObject({
    ...{ state: 'Failed', code: 'LimitExceeded', attempts: 1 },
    message: expect.stringMatching(/is 0\.3 min long, but this key has 0\.1 min left for this day/),
  })
  const [key] = await listKeys(harness.db)
  expect(key?.used).toMatchObject({ reservedMinutes: 0, openJobs: 0 })
  expect(key?.used.minutesToday).toBeCloseTo(52 / 60, 2)
})

test('a search with a stored video finds its whole length, under its own VideoId', async () => {
  const { dnaDbId } = await harness.createLibrary()
  const stored = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'other.mp4' })
  const found = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'other.mp4' })
  expect(found.result?.videoId).toBe(stored.result?.videoId)
  const [detection, ...rest] = found.result?.detections ?? []
  expect(rest).toEqual([])
  expect(detection).toMatchObject({ videoId: stored.result?.videoId, similar: 100, audioSimilar: 100 })
  expect(detection?.segments).toHaveLength(1)
  expect(detection?.segments[0]?.queryStart).toBe(0)
  expect(detection?.segments[0]?.queryEnd).toBeCloseTo(12, 0)
})

test('storing the same content again changes nothing, and new content keeps the VideoId', async () => {
  const { dnaDbId } = await harness.createLibrary()
  harness.put(clip('film.mp4'), 'series/1.mp4')
  const job = { ruleType: 'GetFingerPrint', dnaDbId, object: 'series/1.mp4' } as const
  const first = await harness.run(job)
  const before = (await listVideos(harness.db, { dnaDbId })).items
  const second = await harness.run(job)
  expect(second.result).toEqual(first.result)
  expect((await listVideos(harness.db, { dnaDbId })).items).toEqual(before)
  harness.put(clip('other.mp4'), 'series/1.mp4')
  const third = await harness.run(job)
  expect(third.result?.videoId).toBe(first.result?.videoId)
  expect(third.result?.durationSeconds).toBeCloseTo(12, 0)
  expect((await listVideos(harness.db, { dnaDbId })).total).toBe(1)
})

test('a library of new videos only keeps out what it has, and names it', async () => {
  const { dnaDbId } = await harness.createLibrary({ store: 'ifNew', detectOnStore: false })
  const store = { ruleType: 'GetFingerPrint', dnaDbId } as const
  const film = await harness.run({ ...store, object: 'film.mp4' })
  expect(film.result).toMatchObject({ stored: true, detections: [] })
  const part = await harness.run({ ...store, object: 'part.mp4' })
  expect(part.result).toMatchObject({ stored: false, videoId: `dv${part.jobId.slice(1)}` })
  const [detection] = part.result?.detections ?? []
  expect(detection).toMatchObject({ videoId: film.result?.videoId, matchId: expect.stringMatching(/^m/) })
  // What was kept out is shown and searched with as any query.
  expect(readdirSync(join(harness.thumbnailsDir, part.jobId))).toContain('sprite.jpg')
  const search = {
    ruleType: 'FindSimilarVideo',
    dnaDbId,
    object: 'gone.mp4',
    videoId: part.result?.videoId,
  } as const
  expect((await harness.run(search)).result?.detections[0]?.matchId).toBe(detection?.matchId)
  expect((await listVideos(harness.db, { dnaDbId })).total).toBe(1)

  // The choice of a job goes before that of its library.
  const checked = await harness.run({ ...store, object: 'other.mp4', store: 'never' })
  expect(checked.result).toMatchObject({ stored: false, detections: [] })
  const kept = await harness.run({ ...store, object: 'part.mp4', store: 'always' })
  expect(kept.result).toMatchObject({ stored: true })
  const known = await harness.run({ ...store, object: 'film.mp4', store: 'never' })
  expect(known.result).toMatchObject({ stored: true, videoId: film.result?.videoId })
  const { items } = await listVideos(harness.db, { dnaDbId, order: 'name' })
  expect(items.map(({ object }) => object)).toEqual(['film.mp4', 'part.mp4'])
})

test('storing a video reports earlier matches in the library, unless detectOnStore is off', async () => {
  const { dnaDbId } = await harness.createLibrary()
  const first = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'film.mp4' })
  expect(first.result?.detections).toEqual([])
  const second = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'part.mp4' })
  expect(second.result?.detections.map((one) => one.object)).toEqual(['film.mp4'])
  const silent = await harness.createLibrary({ detectOnStore: false })
  for (const object of ['film.mp4', 'part.mp4']) {
    const stored = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId: silent.dnaDbId, object })
    expect(stored.result?.detections).toEqual([])
  }
})

test('an invalid input fails at the first attempt with its reason and leaves nothing behind', {
  tags: ['five-attempts', 'job-faults'],
}, async () => {
  const { dnaDbId } = await harness.createLibrary({ capacity: 1 })
  const before = [await harness.count('fingerprints'), await harness.count('frame_index')]
  const text = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'text.mp4' })
  expect(text).toMatchObject({ state: 'Failed', code: 'ResourceNotSupported', attempts: 1, result: null })
  const absent = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'absent.mp4' })
  expect(absent).toMatchObject({ state: 'Failed', code: 'ResourceNotFound', attempts: 1 })
  expect(absent.message).toContain('absent.mp4')
  const unknown = `Db${'0'.repeat(32)}`
  const nowhere = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId: unknown, object: 'film.mp4' })
  expect(nowhere).toMatchObject({ state: 'Failed', code: 'InvalidArgument', attempts: 1 })
  expect([await harness.count('fingerprints'), await harness.count('frame_index')]).toEqual(before)

  expect(await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'other.mp4' })).toMatchObject({
    state: 'Success',
  })
  const thumbnails = readdirSync(harness.thumbnailsDir).length
  const full = [await harness.count('fingerprints'), await harness.count('frame_index')]
  const refused = await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'film.mp4' })
  expect(refused).toMatchObject({ state: 'Failed', code: 'CapacityExceeded', attempts: 1 })
  expect([await harness.count('fingerprints'), await harness.count('frame_index')]).toEqual(full)
  expect(readdirSync(harness.thumbnailsDir)).toHaveLength(thumbnails)
})
