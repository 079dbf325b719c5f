import { buffer } from 'node:stream/consumers'
import { encodeFingerprint } from '@kinoprint/dna'
import { importLibrary, ThreadPool } from '@kinoprint/engine'
import {
  deleteLibrary,
  enqueueFingerprintJob,
  exportLibrary,
  getVideo,
  ignorePassage,
  inspectLibraryFile,
  type Job,
  listVideos,
  parseExportPoint,
} from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  cut,
  type Footage,
  fingerprintOf,
  footage,
  splice,
} from '../../../../packages/dna/testing/synthetic-fingerprint.ts'
import type { RunningWorker } from '../start-worker.ts'
import { BUCKET, openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'

let harness: WorkerHarness
let worker: RunningWorker
const pool = new ThreadPool({ threads: 1 })
beforeAll(async () => {
  harness = await openWorkerHarness()
  worker = await harness.startWorker()
})
afterAll(async () => {
  await worker.close({ timeoutMs: 5_000 })
  await pool.close()
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

test('a fingerprint that the library has under another name is kept out if only new ones are stored', async () => {
  const { dnaDbId } = await harness.createLibrary({ store: 'ifNew' })
  const first = await send(film, { dnaDbId, object: 'film.kfp' })
  expect(first.result).toMatchObject({ stored: true })
  const again = await send(cut(film, 5, 50), { dnaDbId, object: 'again.kfp' })
  expect(again.result).toMatchObject({ stored: false, durationSeconds: 45 })
  expect(again.result?.detections.map(({ videoId }) => videoId)).toEqual([first.result?.videoId])
  expect((await listVideos(harness.db, { dnaDbId })).total).toBe(1)
  expect(
    await harness.count(
      "sent_fingerprints where job_id in (select job_id from jobs where state = 'Success')",
    ),
  ).toBe(0)
})

test('a video that shares only an ignored passage with the library is new', async () => {
  const { dnaDbId } = await harness.createLibrary({ store: 'ifNew' })
  const first = await send(film, { dnaDbId, object: 'film.kfp' })
  const videoId = first.result?.videoId ?? ''
  await ignorePassage(harness.db, {
    dnaDbId,
    videoId,
    start: 0,
    end: 20,
    everywhere: false,
    note: null,
    by: null,
  })
  const shared = splice(cut(film, 0, 20), footage(8, 40))
  const second = await send(shared, { dnaDbId, object: 'other.kfp' })
  expect(second.result).toMatchObject({ stored: true, detections: [] })
})

async function exported(dnaDbId: string, resume?: string): Promise<Buffer> {
  const point = resume === undefined ? undefined : parseExportPoint(resume)
  return buffer(exportLibrary(harness.db, { dnaDbId, resume: point }))
}

function imported(dnaDbId: string, file: Uint8Array, replace = false) {
  const { db, log } = harness
  const { signal } = new AbortController()
  return importLibrary(
    { db, pool, log, thumbnailsDir: null },
    { dnaDbId, chunks: chunksOf(file), replace, signal },
  )
}

/** The bytes in pieces of odd sizes, as a network delivers them. */
async function* chunksOf(file: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.length; at += 4099) yield file.subarray(at, at + 4099)
}

const clip = { object: 'clip.kfp', ruleType: 'FindSimilarVideo' } as const

test('a library that is exported, deleted and imported gives the same answers', async () => {
  const { dnaDbId } = await harness.createLibrary()
  for (const seed of [1, 2, 3]) await send(footage(seed, 40), { dnaDbId, object: `${seed}.mp4` })
  const before = await listVideos(harness.db, { dnaDbId, order: 'name' })
  const found = await send(cut(footage(2, 40), 10, 30), { dnaDbId, ...clip })
  const file = await exported(dnaDbId)
  await deleteLibrary(harness.db, dnaDbId, { force: true })

  await harness.createLibrary({ dnaDbId })
  const report = await imported(dnaDbId, file)
  expect(report).toEqual({ videos: 3, stored: 3, unchanged: 0, replaced: 0, kept: 0 })
  const after = await listVideos(harness.db, { dnaDbId, order: 'name' })
  const timeless = ({ items }: typeof after) =>
    items.map(({ createdAt: _created, updatedAt: _updated, ...video }) => video)
  expect(timeless(after)).toEqual(timeless(before))
  const again = await send(cut(footage(2, 40), 10, 30), { dnaDbId, ...clip })
  const answers = ({ result }: Job) => result?.detections.map(({ matchId: _match, ...rest }) => rest)
  expect(answers(found)).toHaveLength(1)
  expect(answers(again)).toEqual(answers(found))

  // What is there is skipped; what differs stays, unless it is to be replaced.
  expect(await imported(dnaDbId, file)).toMatchObject({ stored: 0, unchanged: 3 })
  await send(footage(9, 20), { dnaDbId, object: '3.mp4' })
  expect(await imported(dnaDbId, file)).toMatchObject({ unchanged: 2, kept: 1 })
  expect(await imported(dnaDbId, file, true)).toMatchObject({ unchanged: 2, replaced: 1 })
})

test('two libraries merge into one, where videos get new ids if theirs are taken', async () => {
  const [a, b] = [await harness.createLibrary(), await harness.createLibrary()]
  await send(footage(4, 20), { dnaDbId: a.dnaDbId, object: 'a.mp4' })
  const stored = await send(footage(5, 20), { dnaDbId: b.dnaDbId, object: 'b.mp4' })
  expect(await imported(a.dnaDbId, await exported(b.dnaDbId))).toMatchObject({ stored: 1 })
  const { items } = await listVideos(harness.db, { dnaDbId: a.dnaDbId, order: 'name' })
  expect(items.map(({ object }) => object)).toEqual(['a.mp4', 'b.mp4'])
  expect(items[1]?.videoId).not.toBe(stored.result?.videoId)
})

test('an export and an import that broke off continue', async () => {
  const { dnaDbId } = await harness.createLibrary()
  for (const seed of [6, 7, 8]) await send(footage(seed, 12), { dnaDbId, object: `${seed}.mp4` })
  const whole = await exported(dnaDbId)
  const part = whole.subarray(0, whole.length - 1000)
  const state = await inspectLibraryFile(chunksOf(part))
  expect(state).toMatchObject({ count: 2, isComplete: false })
  const rest = await exported(dnaDbId, state?.resume ?? '')
  const joined = Buffer.concat([part.subarray(0, state?.end), rest])
  expect(joined.equals(whole)).toBe(true)
  expect(await inspectLibraryFile(chunksOf(joined))).toMatchObject({ count: 3, isComplete: true })

  const target = await harness.createLibrary()
  await expect(imported(target.dnaDbId, part)).rejects.toThrow(/cut short/)
  expect((await listVideos(harness.db, target)).total).toBe(2)
  expect(await imported(target.dnaDbId, whole)).toMatchObject({ stored: 1, unchanged: 2 })

  const damaged = Buffer.from(whole)
  damaged[whole.length - 500] = (damaged[whole.length - 500] ?? 0) ^ 1
  await expect(imported(target.dnaDbId, damaged)).rejects.toThrow(/damaged at video 3/)
  await expect(imported(target.dnaDbId, Buffer.from('a film'))).rejects.toThrow(/not a library file/)
  const newer = Buffer.from(whole)
  newer[8] = 2
  await expect(imported(target.dnaDbId, newer)).rejects.toThrow(/has version 2.*update it/)
})
