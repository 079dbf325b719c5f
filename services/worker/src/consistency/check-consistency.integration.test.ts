import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFingerprint, queryHashesOf } from '@kinoprint/dna'
import { reindexAll, ThreadPool } from '@kinoprint/engine'
import { claimJob, enqueueJob, findCandidates, listVideos, loadFingerprints } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { renderFootage } from '../../../../tests/footage.ts'
import type { RunningWorker } from '../start-worker.ts'
import { BUCKET, openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'
import { checkConsistency } from './check-consistency.ts'
import type { CheckOptions, ConsistencyReport } from './findings.ts'

// Videos are decoded: seconds on an idle machine, minutes on a busy one.
vi.setConfig({ testTimeout: 300_000 })

const clips = mkdtempSync(join(tmpdir(), 'kinoprint-consistency-'))
let harness: WorkerHarness
let worker: RunningWorker
let pool: ThreadPool
let options: CheckOptions
let dnaDbId = ''

beforeAll(async () => {
  await renderFootage(join(clips, 'film.mp4'), { seed: 7, seconds: 8 })
  await renderFootage(join(clips, 'black.mp4'), { seed: 8, seconds: 4, picture: 'black', sound: 'none' })
  harness = await openWorkerHarness()
  worker = await harness.startWorker({ concurrency: 1 })
  pool = new ThreadPool({ threads: 1 })
  const { db, log } = harness
  const { objects, thumbnailsDir } = harness
  const { signal } = new AbortController()
  options = { db, log, pool, objects, thumbnailsDir, signal, queue: async () => harness.queue }
  dnaDbId = (await harness.createLibrary()).dnaDbId
  for (const name of ['film.mp4', 'black.mp4']) {
    harness.put(join(clips, name), name)
    await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: name })
  }
})

afterAll(async () => {
  await pool.close()
  await worker.close({ timeoutMs: 5_000 })
  await harness.close()
  rmSync(clips, { recursive: true, force: true })
})

function sql(text: string) {
  return harness.db.pool.query(text)
}
async function found(): Promise<number> {
  const job = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'film.mp4' })
  return job.result?.detections.length ?? -1
}
/** Number of hits of the film's own hashes in the index. A search also compares a small library without it. */
async function hits(): Promise<number> {
  const { items } = await listVideos(harness.db, { dnaDbId, order: 'oldest', pageSize: 1 })
  const stored = await loadFingerprints(harness.db, {
    dnaDbId,
    videoIds: items.map(({ videoId }) => videoId),
  })
  const [film] = [...stored.values()]
  const hashes = queryHashesOf(decodeFingerprint(film?.data ?? new Uint8Array()))
  const lookup = { dnaDbId, ...hashes, perHash: 1, signal: options.signal }
  return (await findCandidates(harness.db, lookup)).length
}

function messagesOf({ faults }: ConsistencyReport) {
  return faults.map(({ message }) => message)
}
function repairedFault(message: unknown) {
  return { message, repaired: true }
}

test('a consistent library has no faults, even with a black and silent video', async () => {
  expect(await checkConsistency(options, { repair: true })).toEqual({ faults: [], repairs: [], notes: [] })
})

test('a lost index is reported and rebuilt from the fingerprints', async () => {
  const rows = [await harness.count('frame_index'), await harness.count('audio_index')]
  const hitsBefore = await hits()
  expect(hitsBefore).toBeGreaterThan(0)
  await sql('delete from frame_index')
  await sql('delete from audio_index')
  expect(await hits()).toBe(0)
  const { faults } = await checkConsistency(options, { repair: false })
  expect(faults).toEqual([{ message: expect.any(String), repaired: false }])
  expect(faults[0]?.message).toMatch(/^Video dv[0-9a-f]{32} of library Db[0-9a-f]{32} is not in the index\.$/)
  expect(await reindexAll(options)).toEqual({ videos: 2 })
  expect([await harness.count('frame_index'), await harness.count('audio_index')]).toEqual(rows)
  expect(await harness.count('fingerprints')).toBe(2)
  expect(await hits()).toBe(hitsBefore)
  expect(await found()).toBe(1)
  expect((await checkConsistency(options, { repair: false })).faults).toEqual([])
})

test('lost rows, wrong totals, dead workers and lost queue entries are reported and repaired', {
  tags: ['consistency-check'],
}, async () => {
  await sql('delete from frame_index')
  await sql('delete from audio_index')
  await sql('update libraries set video_count = 9')
  await sql(`insert into fingerprints (library_number, format, data, staged_at)
    select number, 1, 'x', now() - interval '1 day' from libraries`)
  const fields = { dnaDbId, bucket: BUCKET, region: 'local', object: 'film.mp4' }
  const dead = await enqueueJob(harness.db, { ruleType: 'FindSimilarVideo', ...fields })
  await claimJob(harness.db, { jobId: dead.jobId, workerId: 'dead', leaseMs: 1_000 })
  await sql(`update jobs set lease_until = now() - interval '1 hour' where job_id = '${dead.jobId}'`)
  const lost = await enqueueJob(harness.db, { ruleType: 'FindSimilarVideo', ...fields })
  await sql(`update jobs set created_at = now() - interval '1 hour' where job_id = '${lost.jobId}'`)

  expect(messagesOf(await checkConsistency(options, { repair: false }))).toEqual([
    '1 job is running without a worker.',
    '1 waiting job is missing from the queue.',
    '1 fingerprint belongs to no video.',
    expect.stringContaining('is not in the index.'),
    expect.stringContaining('The totals of library'),
  ])
  const { faults, repairs } = await checkConsistency(options, { repair: true })
  expect(repairs).toHaveLength(5)
  expect(faults.every(({ repaired }) => repaired)).toBe(true)
  expect(await harness.ended(dead)).toMatchObject({ state: 'Success' })
  expect(await harness.ended(lost)).toMatchObject({ state: 'Success' })
  expect(await found()).toBe(1)
  expect(await checkConsistency(options, { repair: false })).toEqual({ faults: [], repairs: [], notes: [] })
})

test('wrong totals of several libraries are repaired individually', async () => {
  for (let number = 1; number <= 3; number++) await harness.createLibrary({ name: `other ${number}` })
  await sql('update libraries set total_frames = 5')
  const wrong = expect.stringMatching(/^The totals of library Db\w+ are wrong\.$/)
  const count = await harness.count('libraries')
  expect(await checkConsistency(options, { repair: true })).toMatchObject({
    faults: Array.from({ length: count }, () => repairedFault(wrong)),
    repairs: Array.from({ length: count }, () =>
      expect.stringMatching(/^Recounted the totals of library Db\w+\.$/),
    ),
  })
  expect(await checkConsistency(options, { repair: false })).toEqual({ faults: [], repairs: [], notes: [] })
})

test('an unsafe setting of the queue server is a permanent fault, and a minor one is a note', async () => {
  const queue = {
    ...harness.queue,
    warnings: async () => [
      { message: 'It evicts.', severity: 'fault' as const },
      { message: 'It forgets.', severity: 'note' as const },
    ],
  }
  const report = checkConsistency({ ...options, queue: async () => queue }, { repair: true })
  expect(await report).toEqual({
    faults: [{ message: 'It evicts.', repaired: false }],
    repairs: [],
    notes: ['It forgets.'],
  })
})

test('a partly indexed video is reported and indexed again', async () => {
  const rows = await harness.count('frame_index')
  await sql('delete from frame_index where time_ms = (select max(time_ms) from frame_index)')
  expect(await harness.count('frame_index')).toBeLessThan(rows)
  const { faults } = await checkConsistency(options, { repair: true })
  expect(faults).toEqual([
    repairedFault(expect.stringMatching(/^Video dv\w+ of library Db\w+ is only partly in the index\.$/)),
  ])
  expect(await harness.count('frame_index')).toBe(rows)
  expect((await checkConsistency(options, { repair: false })).faults).toEqual([])
})

test.each(['keypoint_index', 'landmark_index'])(
  'missing rows of the %s of videos of an earlier release are a note, and a repair adds them',
  async (table) => {
    const rows = await harness.count(table)
    expect(rows).toBeGreaterThan(0)
    await sql(`delete from ${table}`)
    expect(await checkConsistency(options, { repair: false })).toEqual({
      faults: [],
      repairs: [],
      notes: [
        'The index lacks keypoints or landmarks of 1 video of an earlier release. To add them, run kinoprint admin reindex start.',
      ],
    })
    expect(await checkConsistency(options, { repair: true })).toEqual({
      faults: [],
      repairs: ['Added the keypoints and landmarks of 1 video to the index.'],
      notes: [],
    })
    expect(await harness.count(table)).toBe(rows)
  },
)

test('a damaged fingerprint is reported, and storing the object again repairs it', async () => {
  await sql(
    "update fingerprints f set data = 'x' from videos v where v.fingerprint_id = f.id and v.object = 'film.mp4'",
  )
  const { faults, repairs } = await checkConsistency(options, { repair: true })
  expect(faults).toEqual([
    {
      message: expect.stringMatching(
        /^The fingerprint of video dv\w+ .* is damaged\. Store the video again\.$/,
      ),
      repaired: false,
    },
  ])
  expect(repairs).toEqual([])
  // It does not hide the other videos of the library.
  const searched = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'film.mp4' })
  expect(searched).toMatchObject({ state: 'Success', result: { detections: [] } })
  expect(await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'film.mp4' })).toMatchObject({
    state: 'Success',
    message: null,
  })
  expect((await checkConsistency(options, { repair: false })).faults).toEqual([])
})

test('a paused job in an active queue is resumed', async () => {
  const fields = { dnaDbId, bucket: BUCKET, region: 'local', object: 'film.mp4' }
  const job = await enqueueJob(harness.db, { ruleType: 'FindSimilarVideo', ...fields })
  await sql(`update jobs set state = 'Pause' where job_id = '${job.jobId}'`)
  const { faults, repairs } = await checkConsistency(options, { repair: true })
  expect(faults[0]).toEqual(repairedFault('1 job is paused in a queue that is active.'))
  expect(repairs[0]).toBe('Resumed 1 job.')
  expect(await harness.ended(job)).toMatchObject({ state: 'Success' })
})

test('old thumbnails without a video are removed, and missing objects are noted', async () => {
  const old = join(harness.thumbnailsDir, 'dv00000000000000000000000000000000')
  const fresh = join(harness.thumbnailsDir, 'dv00000000000000000000000000000001')
  for (const path of [old, fresh]) mkdirSync(path)
  const longAgo = new Date(Date.now() - 2 * 3_600_000)
  utimesSync(old, longAgo, longAgo)
  await harness.objects.remove(BUCKET, 'black.mp4')
  expect(await checkConsistency(options, { repair: true })).toEqual({
    faults: [repairedFault('The thumbnails of 1 deleted video still exist.')],
    repairs: ['Removed the thumbnails of 1 deleted video.'],
    notes: [expect.stringMatching(/^The objects of 1 video are gone/)],
  })
  expect([old, fresh].map((path) => existsSync(path))).toEqual([false, true])
})
