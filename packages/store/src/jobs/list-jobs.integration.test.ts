import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { ensureQueue } from '../queues.ts'
import { claim, newJob } from '../samples.fixture.ts'
import { adminListJobs } from './admin-list-jobs.ts'
import { cancelJob } from './cancel-retry.ts'
import { jobsToDispatch, markDispatched } from './dispatch.ts'
import { completeJob } from './finish-job.ts'
import type { Job, JobHead } from './job.ts'
import type { JobCursor } from './job-scan.ts'
import { type JobListRequest, type JobPage, listJobs } from './list-jobs.ts'
import { purgeEndedJobs } from './purge-jobs.ts'
import { getJobs } from './read-jobs.ts'

const BUCKET = { bucket: 'films-125', region: 'local' }

describe.each(backends)('lists of jobs on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.db.pool.query('delete from jobs')
  })

  const make = async (count: number, changes: Parameters<typeof newJob>[2] = {}): Promise<Job[]> => {
    const jobs: Job[] = []
    for (let index = 0; index < count; index++) jobs.push(await newJob(database.db, 'Db1', changes))
    return jobs
  }

  const ids = (jobs: readonly (Job | JobHead)[]): string[] => jobs.map(({ jobId }) => jobId)

  const allPages = async (request: JobListRequest, between: () => Promise<unknown>): Promise<string[]> => {
    const seen: string[] = []
    let after: JobCursor | null = null
    do {
      const page: JobPage = await listJobs(database.db, { ...request, after })
      seen.push(...ids(page.jobs))
      after = page.next
      await between()
    } while (after !== null && seen.length < 100)
    return seen
  }

  test('a job is read back as it was submitted', async () => {
    const callback = { silent: false, type: 'Url', format: 'JSON', url: 'http://h/x' } as const
    const submitted = {
      ruleType: 'FindSimilarVideo',
      userData: 'ü<&',
      jobLevel: 2,
      callback,
      secretId: 'AKID1',
    } as const
    const job = await newJob(database.db, 'Db1', submitted)
    const { queueId } = await ensureQueue(database.db, BUCKET)
    const defaults = { state: 'Submitted', tag: 'DNA', queueId, progress: 0, attempts: 0, result: null }
    expect(job).toMatchObject({ ...submitted, ...defaults, jobId: expect.stringMatching(/^j[0-9a-f]{32}$/) })
    expect(await getJobs(database.db, [job.jobId])).toEqual([job])
  })

  test('pages neither repeat nor skip a job while others arrive', async () => {
    const jobs = await make(25)
    // Several jobs of the same millisecond, which only `seq` orders.
    await database.db.pool.query(`update jobs set created_at = date_trunc('second', created_at)`)
    const newestFirst = await allPages({ size: 10 }, () => make(1))
    expect(newestFirst).toEqual(ids(jobs).reverse())
    const oldestFirst = await allPages({ size: 10, order: 'Asc' }, async () => {})
    expect(oldestFirst.slice(0, 25)).toEqual(ids(jobs))
  })

  test('a page that ends with the last job has no next page', async () => {
    await make(10)
    expect((await listJobs(database.db, { size: 10 })).next).toBeNull()
  })

  test('a list is filtered by state, object, tag, queue and time', async () => {
    const [first, second, third] = await make(3)
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('Three jobs expected')
    await cancelJob(database.db, first.jobId)
    const other = await newJob(database.db, 'Db1', { object: 'b.mp4' })
    const list = async (request: JobListRequest) =>
      ids((await listJobs(database.db, { order: 'Asc', ...request })).jobs)
    expect(await list({ states: ['Cancel'] })).toEqual([first.jobId])
    expect(await list({ states: [] })).toHaveLength(4)
    expect(await list({ inputObject: 'b.mp4' })).toEqual([other.jobId])
    expect(await list({ tag: 'Other' })).toEqual([])
    expect(await list({ queueId: first.queueId, states: ['Submitted', 'Cancel'] })).toHaveLength(4)
    expect(await list({ queueId: 'p0' })).toEqual([])
    await database.db.pool.query(`update jobs set created_at = '2001-02-03T04:05:06Z' where job_id = $1`, [
      second.jobId,
    ])
    const at = new Date('2001-02-03T04:05:06Z')
    expect(await list({ startCreationTime: at, endCreationTime: at })).toEqual([second.jobId])
    expect(await list({ startCreationTime: new Date(at.getTime() + 1) })).toHaveLength(3)
  })

  test('a scope hides jobs of other libraries and buckets', async () => {
    const [mine] = await make(1)
    const other = await newJob(database.db, 'Db2', { bucket: 'other-1' })
    const all = [mine?.jobId ?? '', other.jobId]
    expect(ids(await getJobs(database.db, all, { libraries: ['Db1'] }))).toEqual([mine?.jobId])
    expect(ids(await getJobs(database.db, all, { buckets: ['other-1'] }))).toEqual([other.jobId])
    expect(ids(await getJobs(database.db, [...all].reverse()))).toEqual([...all].reverse())
    expect((await listJobs(database.db, { libraries: ['Db2'], buckets: null })).jobs).toHaveLength(1)
    expect((await listJobs(database.db, { libraries: [] })).jobs).toEqual([])
  })

  test('an administrator lists jobs by page, state, rule type and library', async () => {
    const jobs = await make(3)
    await newJob(database.db, 'Db2', { ruleType: 'FindSimilarVideo' })
    const page = await adminListJobs(database.db, { dnaDbId: 'Db1', page: 2, pageSize: 2 })
    expect(page).toMatchObject({ total: 3, page: 2, pageSize: 2, items: [{ jobId: jobs[0]?.jobId }] })
    expect((await adminListJobs(database.db, { ruleType: 'FindSimilarVideo' })).total).toBe(1)
    expect((await adminListJobs(database.db, { state: ['Failed'] })).total).toBe(0)
  })

  test('a retried request returns the first job until that job ends', {
    tags: ['retry-dedupe'],
  }, async () => {
    const request = { requestHash: 'h', secretId: 'AKID1', dedupeSeconds: 10 }
    const created = await Promise.all(Array.from({ length: 6 }, () => newJob(database.db, 'Db1', request)))
    expect(new Set(ids(created)).size).toBe(1)
    expect((await newJob(database.db, 'Db1', { ...request, bucket: 'b-2' })).jobId).not.toBe(
      created[0]?.jobId,
    )
    expect((await newJob(database.db, 'Db1', { ...request, secretId: 'AKID2' })).jobId).not.toBe(
      created[0]?.jobId,
    )
    expect((await newJob(database.db, 'Db1', { ...request, dedupeSeconds: 0 })).jobId).not.toBe(
      created[0]?.jobId,
    )
    await cancelJob(database.db, created[0]?.jobId ?? '')
    await database.db.pool.query(`delete from jobs where state = 'Submitted'`)
    expect((await newJob(database.db, 'Db1', request)).jobId).not.toBe(created[0]?.jobId)
  })

  test('a queue accepts at most MaxSize waiting jobs', { tags: ['queue-limits'] }, async () => {
    const { queueId } = await ensureQueue(database.db, BUCKET)
    await database.db.pool.query('update queues set max_size = 3')
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => newJob(database.db, 'Db1')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    await expect(newJob(database.db, 'Db1')).rejects.toMatchObject({ code: 'QueueSaturated' })
    await expect(newJob(database.db, 'Db1', { queueId: 'p0' })).rejects.toMatchObject({
      code: 'InvalidArgument',
    })
    const { jobs } = await listJobs(database.db, { queueId })
    await claim(database.db, jobs[0]?.jobId ?? '')
    await newJob(database.db, 'Db1')
    await database.db.pool.query('update queues set max_size = 10000')
  })

  test('jobs that were never dispatched, or not recently, are listed for dispatch by level', async () => {
    const jobs = [
      await newJob(database.db, 'Db1'),
      await newJob(database.db, 'Db1', { jobLevel: 2 }),
      await newJob(database.db, 'Db1'),
    ]
    const due = (olderThanMs: number) => jobsToDispatch(database.db, { olderThanMs, limit: 10 })
    expect(await due(60_000)).toEqual([])
    expect((await due(0)).map(({ jobId }) => jobId)).toEqual(
      [jobs[1], jobs[0], jobs[2]].map((job) => job?.jobId),
    )
    await database.db.pool.query(`update jobs set created_at = created_at - interval '1 hour'`)
    expect(await due(60_000)).toHaveLength(3)
    await markDispatched(database.db, ids(jobs))
    expect(await due(60_000)).toEqual([])
  })

  test('only jobs that ended long enough ago are purged', async () => {
    const [old, young, waiting] = await make(3)
    for (const job of [old, young]) {
      const result = { videoId: 'dv1', durationSeconds: 1, detections: [] }
      await completeJob(database.db, await claim(database.db, job?.jobId ?? ''), result)
    }
    await database.db.pool.query(`update jobs set created_at = created_at - interval '100 days'`)
    const age = `update jobs set ended_at = ended_at - interval '91 days' where job_id = $1`
    await database.db.pool.query(age, [old?.jobId])
    expect(await purgeEndedJobs(database.db, { olderThanDays: 90 })).toBe(1)
    const left = await listJobs(database.db, { order: 'Asc' })
    expect(ids(left.jobs)).toEqual([young?.jobId, waiting?.jobId])
  })
})
