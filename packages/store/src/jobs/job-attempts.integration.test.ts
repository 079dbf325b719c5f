import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { newJob } from '../samples.fixture.ts'
import { retryJob, stopJob } from './cancel-retry.ts'
import { claimJob } from './claim-job.ts'
import { completeJob, failJob } from './finish-job.ts'
import { MAX_ATTEMPTS } from './job.ts'
import { listJobAttempts, saveJobStages } from './job-attempts.ts'
import { expireLeases, heartbeat, releaseJob } from './lease.ts'

describe.each(backends)('attempts of a job on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const take = async (jobId: string, workerId = 'w1') => {
    const taken = await claimJob(database.db, { jobId, workerId, leaseMs: 60_000 })
    if (taken.kind !== 'run') throw new Error(`The job was not claimed: ${taken.kind}.`)
    return taken.fence
  }
  const outcomesOf = async (jobId: string) =>
    (await listJobAttempts(database.db, jobId)).map(({ attempt, outcome, code }) => [attempt, outcome, code])

  test('a job whose lease expired has a lost attempt with its stages, and another by the next worker', async () => {
    const { db } = database
    const { jobId } = await newJob(db, 'Db1')
    const lost = await take(jobId)
    const stages = [
      { stage: 'fetch', seconds: 0.1 },
      { stage: 'fingerprint', seconds: 1.5 },
    ]
    await heartbeat(db, lost, { stage: 'fingerprint', stages, leaseMs: 60_000 })
    await heartbeat(db, lost, { progress: 0.4, leaseMs: 0 })
    const next = await take(jobId, 'w2')
    expect(await heartbeat(db, lost, { stages: [], leaseMs: 1000 })).toBe(false)
    await saveJobStages(db, next, [{ stage: 'fetch', seconds: 0.2 }])
    expect(await listJobAttempts(db, jobId)).toEqual([
      expect.objectContaining({
        attempt: 1,
        worker: 'w1',
        outcome: 'Lost',
        endedAt: expect.any(Date),
        stages,
      }),
      expect.objectContaining({ attempt: 2, worker: 'w2', outcome: null, endedAt: null }),
    ])
    await completeJob(db, next, { videoId: 'dv1', durationSeconds: 60, detections: [] })
    const [first, second] = await listJobAttempts(db, jobId)
    expect(second).toMatchObject({ outcome: 'Success', stages: [{ stage: 'fetch', seconds: 0.2 }] })
    expect(first?.endedAt?.getTime()).toBeLessThanOrEqual(second?.startedAt.getTime() ?? 0)
    await db.pool.query('delete from jobs where job_id = $1', [jobId])
    expect(await listJobAttempts(db, jobId)).toEqual([])
  })

  test('attempts that are returned, fail, are cancelled or repeated after an error say so', async () => {
    const { db } = database
    const { jobId } = await newJob(db, 'Db1')
    await releaseJob(db, await take(jobId))
    await heartbeat(db, await take(jobId), { failure: 'InternalError', leaseMs: 0 })
    await failJob(db, await take(jobId), { code: 'InvalidContent', message: 'Not a video.' })
    await retryJob(db, jobId)
    await take(jobId)
    await stopJob(db, jobId)
    expect(await outcomesOf(jobId)).toEqual([
      [1, 'Returned', null],
      [2, 'Failed', 'InternalError'],
      [3, 'Failed', 'InvalidContent'],
      [4, 'Cancel', null],
    ])
  })

  test('a job whose workers all died has only lost attempts, and no more than 20 are kept', async () => {
    const { db } = database
    const { jobId } = await newJob(db, 'Db1')
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      await heartbeat(db, await take(jobId), { leaseMs: 0 })
      await expireLeases(db)
    }
    expect((await outcomesOf(jobId)).map(([, outcome]) => outcome)).toEqual(Array(MAX_ATTEMPTS).fill('Lost'))
    await retryJob(db, jobId)
    for (let attempt = 0; attempt < 20; attempt++) await releaseJob(db, await take(jobId))
    expect(await outcomesOf(jobId)).toEqual(Array.from({ length: 20 }, (_, i) => [i + 6, 'Returned', null]))
  })
})
