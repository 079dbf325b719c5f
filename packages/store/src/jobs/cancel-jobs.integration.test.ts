import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { claim, newJob } from '../samples.fixture.ts'
import { cancelJobs } from './cancel-jobs.ts'
import { completeJob } from './finish-job.ts'
import { getJobs } from './read-jobs.ts'

describe.each(backends)('cancelling many jobs on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  beforeEach(() => database.db.pool.query('delete from jobs'))
  afterAll(() => database.close())

  const stateOf = async (jobId: string) => (await getJobs(database.db, [jobId]))[0]?.state

  test('cancelJobs cancels the waiting jobs that match all filters and returns their number', async () => {
    const mine = { secretId: 'A', bucket: 'a-1' }
    const jobs = {
      one: await newJob(database.db, 'Db1', mine),
      paused: await newJob(database.db, 'Db1', mine),
      library: await newJob(database.db, 'Db2', mine),
      key: await newJob(database.db, 'Db1', { ...mine, secretId: 'B' }),
      bucket: await newJob(database.db, 'Db1', { ...mine, bucket: 'b-1' }),
      region: await newJob(database.db, 'Db1', { ...mine, region: 'far' }),
      running: await newJob(database.db, 'Db1', mine),
    }
    await database.db.pool.query(`update jobs set state = 'Pause' where job_id = $1`, [jobs.paused.jobId])
    const fence = await claim(database.db, jobs.running.jobId)
    const filter = { secretId: 'A', bucket: 'a-1', region: 'local', dnaDbId: 'Db1' }
    expect(await cancelJobs(database.db, filter)).toBe(2)
    expect([await stateOf(jobs.one.jobId), await stateOf(jobs.paused.jobId)]).toEqual(['Cancel', 'Cancel'])
    for (const { jobId } of [jobs.library, jobs.key, jobs.bucket, jobs.region])
      expect(await stateOf(jobId)).toBe('Submitted')
    expect(await cancelJobs(database.db, { queueId: jobs.bucket.queueId })).toBe(1)
    expect(await cancelJobs(database.db, { ...filter, states: ['Running'] })).toBe(1)
    const result = { videoId: 'dv1', durationSeconds: 1, detections: [] }
    expect(await completeJob(database.db, fence, result)).toBe(false)
  })

  test('cancelJobs cancels thousands of jobs', async () => {
    await newJob(database.db, 'Db1', { secretId: 'A' })
    await database.db.pool.query(
      `insert into jobs (job_id, state, rule_type, dna_db_id, bucket, region, object, queue_id, secret_id)
       select 'jmany' || n, 'Submitted', rule_type, dna_db_id, bucket, region, object, queue_id, secret_id
       from jobs, generate_series(1, 1700) n`,
    )
    expect(await cancelJobs(database.db, { secretId: 'A' })).toBe(1701)
    expect(await cancelJobs(database.db, { secretId: 'A' })).toBe(0)
  })
})
