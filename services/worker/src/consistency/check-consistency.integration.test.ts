import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reindexAll, ThreadPool } from '@kinoprint/engine'
import { claimJob, enqueueJob } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { renderFootage } from '../../../../tests/footage.ts'
import type { RunningWorker } from '../start-worker.ts'
import { BUCKET, openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'
import { checkConsistency } from './check-consistency.ts'
import type { CheckOptions, ConsistencyReport } from './findings.ts'

// Real decoding: seconds alone, much more on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

const clips = mkdtempSync(join(tmpdir(), 'kinoprint-upkeep-'))
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

const sql = (text: string) => harness.db.pool.query(text)
const found = async (): Promise<number> => {
  const job = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'film.mp4' })
  return job.result?.detections.length ?? -1
}

/** The sentences alone, for a check that repairs nothing or everything. */
const messagesOf = ({ faults }: ConsistencyReport) => faults.map(({ message }) => message)
const ofRepaired = (message: unknown) => ({ message, repaired: true })

test('what is in order has no faults, a black and silent video included', async () => {
  expect(await checkConsistency(options, { repair: true })).toEqual({ faults: [], repairs: [], notes: [] })
})

test('an index that was lost is missed by the check and built anew from the fingerprints', async () => {
  const rows = await harness.count('frame_index')
  await sql('delete from frame_index')
  await sql('delete from audio_index')
  expect(await found()).toBe(0)
  const { faults } = await checkConsistency(options, { repair: false })
  expect(faults).toEqual([{ message: expect.any(String), repaired: false }])
  expect(faults[0]?.message).toMatch(/^Video dv[0-9a-f]{32} of library Db[0-9a-f]{32} is not in the index\.$/)
  expect(await reindexAll(options)).toEqual({ videos: 2 })
  expect(await harness.count('frame_index')).toBe(rows)
  expect(await harness.count('fingerprints')).toBe(2)
  expect(await found()).toBe(1)
  expect((await checkConsistency(options, { repair: false })).faults).toEqual([])
})

test('lost rows, wrong totals, dead workers and lost deliveries are named and repaired', {
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
    '1 job runs without a worker.',
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

test('wrong totals of several libraries are each repaired, and a fault that cannot be is told apart', async () => {
  for (let number = 1; number <= 3; number++) await harness.createLibrary({ name: `other ${number}` })
  await sql('update libraries set total_frames = 5')
  const wrong = expect.stringMatching(/^The totals of library Db\w+ are wrong\.$/)
  const count = await harness.count('libraries')
  expect(await checkConsistency(options, { repair: true })).toMatchObject({
    faults: Array.from({ length: count }, () => ofRepaired(wrong)),
    repairs: Array.from({ length: count }, () => expect.stringMatching(/recounted\.$/)),
  })
  expect(await checkConsistency(options, { repair: false })).toEqual({ faults: [], repairs: [], notes: [] })
})

test('an unsafe setting of the queue is a fault that no check repairs, and a lesser one a note', async () => {
  const queue = {
    ...harness.queue,
    warnings: async () => [
      { message: 'It evicts.', severity: 'fault' as const },
      { message: 'It forgets.', severity: 'note' as const },
    ],
  }
  const asked = checkConsistency({ ...options, queue: async () => queue }, { repair: true })
  expect(await asked).toEqual({
    faults: [{ message: 'It evicts.', repaired: false }],
    repairs: [],
    notes: ['It forgets.'],
  })
})

test('a video that is indexed by half is missed and indexed anew', async () => {
  const rows = await harness.count('frame_index')
  await sql('delete from frame_index where time_ms = (select max(time_ms) from frame_index)')
  expect(await harness.count('frame_index')).toBeLessThan(rows)
  const { faults } = await checkConsistency(options, { repair: true })
  expect(faults).toEqual([
    ofRepaired(expect.stringMatching(/^Video dv\w+ of library Db\w+ is not wholly in the index\.$/)),
  ])
  expect(await harness.count('frame_index')).toBe(rows)
  expect((await checkConsistency(options, { repair: false })).faults).toEqual([])
})

test('a fingerprint that cannot be read is named, and storing its object again mends it', async () => {
  await sql(
    "update fingerprints f set data = 'x' from videos v where v.fingerprint_id = f.id and v.object = 'film.mp4'",
  )
  const { faults, repairs } = await checkConsistency(options, { repair: true })
  expect(faults).toEqual([
    {
      message: expect.stringMatching(/^The fingerprint of video dv\w+ .* cannot be read: store it again\.$/),
      repaired: false,
    },
  ])
  expect(repairs).toEqual([])
  // It keeps no other video of the library from being found.
  const searched = await harness.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'film.mp4' })
  expect(searched).toMatchObject({ state: 'Success', result: { detections: [] } })
  expect(await harness.run({ ruleType: 'GetFingerPrint', dnaDbId, object: 'film.mp4' })).toMatchObject({
    state: 'Success',
    message: null,
  })
  expect((await checkConsistency(options, { repair: false })).faults).toEqual([])
})

test('a job that is paused in a queue that is not is resumed', async () => {
  const fields = { dnaDbId, bucket: BUCKET, region: 'local', object: 'film.mp4' }
  const job = await enqueueJob(harness.db, { ruleType: 'FindSimilarVideo', ...fields })
  await sql(`update jobs set state = 'Pause' where job_id = '${job.jobId}'`)
  const { faults, repairs } = await checkConsistency(options, { repair: true })
  expect(faults[0]).toEqual(ofRepaired('1 job is paused in a queue that is not.'))
  expect(repairs[0]).toBe('1 job was resumed.')
  expect(await harness.ended(job)).toMatchObject({ state: 'Success' })
})

test('stills without a video are removed unless they are new, and gone objects are noted', async () => {
  const old = join(harness.thumbnailsDir, 'dv00000000000000000000000000000000')
  const fresh = join(harness.thumbnailsDir, 'dv00000000000000000000000000000001')
  for (const path of [old, fresh]) mkdirSync(path)
  const longAgo = new Date(Date.now() - 2 * 3_600_000)
  utimesSync(old, longAgo, longAgo)
  await harness.objects.remove(BUCKET, 'black.mp4')
  expect(await checkConsistency(options, { repair: true })).toEqual({
    faults: [ofRepaired('The stills of 1 video are there without a video.')],
    repairs: ['The stills of 1 video were removed.'],
    notes: [expect.stringMatching(/^The objects of 1 video are gone/)],
  })
  expect([old, fresh].map((path) => existsSync(path))).toEqual([false, true])
})
