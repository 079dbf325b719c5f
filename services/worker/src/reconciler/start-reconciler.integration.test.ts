import { enqueueJobs } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BUCKET, openWorkerHarness, type WorkerHarness } from '../worker-harness.fixture.ts'
import { newSweep } from './restore-lost-jobs.ts'
import { reconcileOnce } from './start-reconciler.ts'

const WAITING = 6_000
const AT_ONCE = 500

let harness: WorkerHarness
let jobIds: string[] = []
beforeAll(async () => {
  harness = await openWorkerHarness()
  await harness.db.pool.query('update queues set max_size = 100000')
  const { dnaDbId } = await harness.createLibrary()
  const location = { dnaDbId, bucket: BUCKET, region: 'local' }
  for (let start = 0; start < WAITING; start += AT_ONCE) {
    const jobs = await enqueueJobs(
      harness.db,
      Array.from({ length: AT_ONCE }, (_, index) => ({
        ...{ ...location, ruleType: 'FindSimilarVideo' as const, object: `${start + index}.mp4` },
        jobLevel: ([2, 1, 0] as const)[index % 3] ?? 0,
      })),
    )
    jobIds.push(...jobs.flatMap((job) => ('jobId' in job ? [job.jobId] : [])))
  }
  // Every job has been waiting for an hour.
  await harness.db.pool.query(`update jobs set created_at = now() - interval '1 hour'`)
  const { rows } = await harness.db.pool.query<{ jobId: string }>(
    'select job_id as "jobId" from jobs order by job_level desc, seq',
  )
  jobIds = rows.map(({ jobId }) => jobId)
})
afterAll(() => harness.close())

/** Runs rounds, each continuing the last one, until a job is restored. */
async function roundsUntilRestored(): Promise<{ rounds: number; dispatched: number }> {
  const sweep = newSweep()
  for (let rounds = 1; rounds <= 10; rounds++) {
    const { dispatched } = await reconcileOnce({ ...harness, freshMs: 0, sweep })
    if (dispatched > 0) return { rounds, dispatched }
  }
  throw new Error('No job was restored in ten rounds.')
}

test('a lost job among thousands of waiting jobs is restored from any position', {
  tags: ['lost-entries'],
}, async () => {
  expect(jobIds).toHaveLength(WAITING)
  let dispatched = 0
  const sweep = newSweep()
  for (let round = 1; round <= 2; round++)
    dispatched += (await reconcileOnce({ ...harness, freshMs: 0, sweep })).dispatched
  expect(dispatched).toBe(WAITING)
  expect((await harness.queue.has(jobIds)).size).toBe(WAITING)
  for (const at of [0, 499, 500, 2_001, WAITING - 1]) {
    const jobId = jobIds[at] ?? ''
    expect(await harness.queue.remove(jobId)).toBe(true)
    expect(await roundsUntilRestored()).toMatchObject({ dispatched: 1 })
    expect(await harness.queue.has([jobId])).toEqual(new Set([jobId]))
  }
})

test('a round that finds all waiting jobs in the queue writes nothing', async () => {
  const marks = async () =>
    (await harness.db.pool.query('select md5(string_agg(dispatched_at::text, $1)) as sum from jobs', [',']))
      .rows
  const before = await marks()
  const sweep = newSweep()
  for (let round = 1; round <= 2; round++)
    expect(await reconcileOnce({ ...harness, freshMs: 0, sweep })).toEqual({ dispatched: 0 })
  expect(await marks()).toEqual(before)
})

test('a job that becomes runnable again is restored in the next round, ahead of thousands of waiting jobs', async () => {
  const jobId = jobIds[WAITING - 1] ?? ''
  await harness.queue.remove(jobId)
  await harness.db.pool.query(`update jobs set dispatched_at = '-infinity' where job_id = $1`, [jobId])
  expect(await reconcileOnce({ ...harness, freshMs: 3_600_000 })).toEqual({ dispatched: 1 })
  expect(await harness.queue.has([jobId])).toEqual(new Set([jobId]))
})
