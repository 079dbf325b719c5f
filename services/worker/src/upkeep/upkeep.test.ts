import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claimJob, insertJob } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { renderFootage } from '../../../../tests/footage.ts'
import type { RunningWorker } from '../start-worker.ts'
import { ThreadPool } from '../threads/pool.ts'
import { BUCKET, openWorkshop, type Workshop } from '../workshop.fixture.ts'
import { type CheckOptions, checkConsistency } from './check-consistency.ts'
import { reindexAll } from './reindex-all.ts'

// Real decoding: seconds alone, much more on a busy machine.
vi.setConfig({ testTimeout: 120_000 })

const clips = mkdtempSync(join(tmpdir(), 'kinoprint-upkeep-'))
let shop: Workshop
let worker: RunningWorker
let pool: ThreadPool
let options: CheckOptions
let dnaDbId = ''

beforeAll(async () => {
  await renderFootage(join(clips, 'film.mp4'), { seed: 7, seconds: 8 })
  await renderFootage(join(clips, 'black.mp4'), { seed: 8, seconds: 4, picture: 'black', sound: 'none' })
  shop = await openWorkshop()
  worker = await shop.startWorker({ concurrency: 1 })
  pool = new ThreadPool({ threads: 1 })
  const { db, log } = shop
  options = { db, log, pool, signal: new AbortController().signal, queue: async () => shop.queue }
  dnaDbId = (await shop.createLibrary()).dnaDbId
  for (const name of ['film.mp4', 'black.mp4']) {
    shop.put(join(clips, name), name)
    await shop.run({ ruleType: 'GetFingerPrint', dnaDbId, object: name })
  }
}, 120_000)

afterAll(async () => {
  await pool.close()
  await worker.close({ timeoutMs: 5_000 })
  await shop.close()
  rmSync(clips, { recursive: true, force: true })
}, 30_000)

const sql = (text: string) => shop.db.pool.query(text)
const found = async (): Promise<number> => {
  const job = await shop.run({ ruleType: 'FindSimilarVideo', dnaDbId, object: 'film.mp4' })
  return job.result?.detections.length ?? -1
}

test('what is in order has no faults, a black and silent video included', async () => {
  expect(await checkConsistency(options, { repair: true })).toEqual({ faults: [], repairs: [] })
})

test('an index that was lost is missed by the check and built anew from the fingerprints', async () => {
  const rows = await shop.count('frame_index')
  await sql('delete from frame_index')
  await sql('delete from audio_index')
  expect(await found()).toBe(0)
  const { faults } = await checkConsistency(options, { repair: false })
  expect(faults).toHaveLength(1)
  expect(faults[0]).toMatch(/^Video dv[0-9a-f]{32} of library Db[0-9a-f]{32} is not in the index\.$/)
  expect(await reindexAll(options)).toEqual({ videos: 2 })
  expect(await shop.count('frame_index')).toBe(rows)
  expect(await shop.count('fingerprints')).toBe(2)
  expect(await found()).toBe(1)
  expect((await checkConsistency(options, { repair: false })).faults).toEqual([])
})

test('lost rows, wrong totals, dead workers and lost deliveries are named and repaired', async () => {
  await sql('delete from frame_index')
  await sql('delete from audio_index')
  await sql('update libraries set video_count = 9')
  await sql(`insert into fingerprints (library_number, format, data, staged_at)
    select number, 1, 'x', now() - interval '1 day' from libraries`)
  const fields = { dnaDbId, bucket: BUCKET, region: 'local', object: 'film.mp4' }
  const dead = await insertJob(shop.db, { ruleType: 'FindSimilarVideo', ...fields })
  await claimJob(shop.db, { jobId: dead.jobId, workerId: 'dead', leaseMs: 1_000 })
  await sql(`update jobs set lease_until = now() - interval '1 hour' where job_id = '${dead.jobId}'`)
  const lost = await insertJob(shop.db, { ruleType: 'FindSimilarVideo', ...fields })
  await sql(`update jobs set created_at = now() - interval '1 hour' where job_id = '${lost.jobId}'`)

  const { faults } = await checkConsistency(options, { repair: false })
  expect(faults).toEqual([
    '1 job runs without a worker.',
    '1 waiting job is missing from the queue.',
    '1 fingerprint belongs to no video.',
    expect.stringContaining('is not in the index.'),
    expect.stringContaining('The totals of library'),
  ])
  const { repairs } = await checkConsistency(options, { repair: true })
  expect(repairs).toHaveLength(5)
  expect(await shop.ended(dead)).toMatchObject({ state: 'Success' })
  expect(await shop.ended(lost)).toMatchObject({ state: 'Success' })
  expect(await found()).toBe(1)
  expect(await checkConsistency(options, { repair: false })).toEqual({ faults: [], repairs: [] })
}, 60_000)
