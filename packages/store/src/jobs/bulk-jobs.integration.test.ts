import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { claim, newJob, newLibrary } from '../samples.fixture.ts'
import { cancelMatchingJobs, retryMatchingJobs } from './bulk-jobs.ts'
import { jobsToDispatchAtOnce } from './dispatch.ts'
import { completeJob, failJob } from './finish-job.ts'
import { getJobs } from './read-jobs.ts'

describe.each(backends)('bulk changes of jobs on $name', ({ open }) => {
  let database: TestDatabase
  let dnaDbId = ''
  beforeAll(async () => {
    database = await open()
    dnaDbId = (await newLibrary(database.db)).dnaDbId
  })
  beforeEach(() => database.db.pool.query('delete from jobs'))
  afterAll(() => database.close())

  const stateOf = async (jobId: string) => (await getJobs(database.db, [jobId]))[0]?.state
  const failed = async (code: string): Promise<string> => {
    const { jobId } = await newJob(database.db, dnaDbId)
    await failJob(database.db, await claim(database.db, jobId), { code, message: 'm' })
    return jobId
  }

  test('a bulk cancellation cancels waiting and running jobs and leaves those that ended', async () => {
    const waiting = await newJob(database.db, dnaDbId)
    const running = await newJob(database.db, dnaDbId)
    const fence = await claim(database.db, running.jobId)
    const ended = await failed('InternalError')
    expect(await cancelMatchingJobs(database.db, { filter: { dnaDbId }, expected: 3 })).toBe(2)
    expect(await Promise.all([waiting.jobId, running.jobId, ended].map(stateOf))).toEqual([
      'Cancel',
      'Cancel',
      'Failed',
    ])
    const result = { videoId: 'dv1', durationSeconds: 1, detections: [] }
    expect(await completeJob(database.db, fence, result)).toBe(false)
  })

  test('a bulk retry of jobs in a paused queue pauses them, and others are dispatched at once', async () => {
    const jobId = await failed('InternalError')
    const { queueId } = (await getJobs(database.db, [jobId]))[0] ?? { queueId: '' }
    const filter = { q: jobId }
    await database.db.pool.query(`update queues set state = 'Paused' where queue_id = $1`, [queueId])
    expect(await retryMatchingJobs(database.db, { filter, expected: 1 })).toMatchObject({ retried: 1 })
    expect(await stateOf(jobId)).toBe('Pause')
    await database.db.pool.query(`update queues set state = 'Active' where queue_id = $1`, [queueId])
    await cancelMatchingJobs(database.db, { filter, expected: 1 })
    expect(await retryMatchingJobs(database.db, { filter, expected: 1 })).toMatchObject({ retried: 1 })
    expect(await jobsToDispatchAtOnce(database.db, { limit: 10 })).toMatchObject([{ jobId }])
  })

  test('bulk changes work on thousands of jobs', async () => {
    await newJob(database.db, dnaDbId, { secretId: 'A' })
    await database.db.pool.query(
      `insert into jobs (job_id, state, rule_type, dna_db_id, bucket, region, object, queue_id, secret_id)
       select 'jmany' || n, 'Submitted', rule_type, dna_db_id, bucket, region, object, queue_id, secret_id
       from jobs, generate_series(1, 1700) n`,
    )
    const filter = { secretId: 'A' }
    expect(await cancelMatchingJobs(database.db, { filter, expected: 1701 })).toBe(1701)
    expect(await retryMatchingJobs(database.db, { filter, expected: 1701 })).toMatchObject({
      ended: 1701,
      retried: 1701,
    })
    expect(await retryMatchingJobs(database.db, { filter, expected: 1701 })).toMatchObject({
      ended: 0,
      retried: 0,
    })
  })
})
