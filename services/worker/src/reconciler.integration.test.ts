import { enqueueJobs } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reconcileOnce } from './reconciler.ts'
import { newSweep } from './restore-lost-jobs.ts'
import { BUCKET, openWorkshop, type Workshop } from './workshop.fixture.ts'

const WAITING = 6_000
const AT_ONCE = 500

let shop: Workshop
let jobIds: string[] = []
beforeAll(async () => {
  shop = await openWorkshop()
  await shop.db.pool.query('update queues set max_size = 100000')
  const { dnaDbId } = await shop.createLibrary()
  const place = { dnaDbId, bucket: BUCKET, region: 'local' }
  for (let start = 0; start < WAITING; start += AT_ONCE) {
    const jobs = await enqueueJobs(
      shop.db,
      Array.from({ length: AT_ONCE }, (_, index) => ({
        ...{ ...place, ruleType: 'FindSimilarVideo' as const, object: `${start + index}.mp4` },
        jobLevel: ([2, 1, 0] as const)[index % 3] ?? 0,
      })),
    )
    jobIds.push(...jobs.flatMap((job) => ('jobId' in job ? [job.jobId] : [])))
  }
  // As if each had waited for an hour.
  await shop.db.pool.query(`update jobs set created_at = now() - interval '1 hour'`)
  const { rows } = await shop.db.pool.query<{ jobId: string }>(
    'select job_id as "jobId" from jobs order by job_level desc, seq',
  )
  jobIds = rows.map(({ jobId }) => jobId)
})
afterAll(() => shop.close())

/** One round after the other until something was put back; each goes on where the last one stopped. */
const roundsUntilRestored = async (): Promise<{ rounds: number; dispatched: number }> => {
  const sweep = newSweep()
  for (let rounds = 1; rounds <= 10; rounds++) {
    const { dispatched } = await reconcileOnce({ ...shop, freshMs: 0, sweep })
    if (dispatched > 0) return { rounds, dispatched }
  }
  throw new Error('Nothing was put back in ten rounds.')
}

test('every one of thousands of waiting jobs that the queue has lost is put back, wherever it stands', {
  tags: ['lost-entries'],
}, async () => {
  expect(jobIds).toHaveLength(WAITING)
  let dispatched = 0
  const sweep = newSweep()
  for (let round = 1; round <= 2; round++)
    dispatched += (await reconcileOnce({ ...shop, freshMs: 0, sweep })).dispatched
  expect(dispatched).toBe(WAITING)
  expect((await shop.queue.has(jobIds)).size).toBe(WAITING)
  for (const at of [0, 499, 500, 2_001, WAITING - 1]) {
    const jobId = jobIds[at] ?? ''
    expect(await shop.queue.remove(jobId)).toBe(true)
    // Twice through all of them at the most.
    expect(await roundsUntilRestored()).toMatchObject({ dispatched: 1 })
    expect(await shop.queue.has([jobId])).toEqual(new Set([jobId]))
  }
})

test('a round that finds all waiting jobs in the queue writes nothing', async () => {
  const marks = async () =>
    (await shop.db.pool.query('select md5(string_agg(dispatched_at::text, $1)) as sum from jobs', [','])).rows
  const before = await marks()
  const sweep = newSweep()
  for (let round = 1; round <= 2; round++)
    expect(await reconcileOnce({ ...shop, freshMs: 0, sweep })).toEqual({ dispatched: 0 })
  expect(await marks()).toEqual(before)
})

test('a job that became runnable again is put back in the next round, before thousands that wait', async () => {
  const jobId = jobIds[WAITING - 1] ?? ''
  await shop.queue.remove(jobId)
  await shop.db.pool.query(`update jobs set dispatched_at = '-infinity' where job_id = $1`, [jobId])
  expect(await reconcileOnce({ ...shop, freshMs: 3_600_000 })).toEqual({ dispatched: 1 })
  expect(await shop.queue.has([jobId])).toEqual(new Set([jobId]))
})
