import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { listDeliveries } from '../deliveries/deliveries.ts'
import { ensureQueue, updateQueue } from '../queues.ts'
import { claim, newJob } from '../samples.fixture.ts'
import { cancelJob, retryJob, stopJob } from './cancel-retry.ts'
import { type ClaimOutcome, claimJob } from './claim-job.ts'
import { jobsToDispatch } from './dispatch.ts'
import { completeJob, failJob } from './finish-job.ts'
import { MAX_ATTEMPTS } from './job.ts'
import { expireLeases, heartbeat, releaseJob } from './lease.ts'
import { getJobs } from './read-jobs.ts'

const RESULT = { videoId: 'dv1', durationSeconds: 60, detections: [] }

const BUCKET = { bucket: 'films-125', region: 'local' }

describe.each(backends)('claiming jobs on $name', ({ open }) => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    await test.db.pool.query('delete from jobs')
  })

  const take = (jobId: string, leaseMs = 60_000): Promise<ClaimOutcome> =>
    claimJob(test.db, { jobId, workerId: 'w', leaseMs })

  const jobOf = async (jobId: string) => {
    const [job] = await getJobs(test.db, [jobId])
    return job
  }

  it('one of several concurrent claims gets the job', { tags: ['one-claim'] }, async () => {
    const others = test.another === null ? test.db : await test.another()
    for (let round = 0; round < 5; round++) {
      const { jobId } = await newJob(test.db, 'Db1')
      const claims = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          claimJob(index % 2 === 0 ? test.db : others, { jobId, workerId: `w${index}`, leaseMs: 60_000 }),
        ),
      )
      expect(claims.filter(({ kind }) => kind === 'run')).toHaveLength(1)
      expect(claims.filter(({ kind }) => kind === 'later')).toHaveLength(11)
      expect(await jobOf(jobId)).toMatchObject({ state: 'Running', attempts: 1, startedAt: expect.any(Date) })
    }
    if (others !== test.db) await others.close()
  })

  it('a queue runs at most MaxConcurrent jobs over all workers', {
    tags: ['queue-limits'],
  }, async () => {
    const { queueId } = await ensureQueue(test.db, BUCKET)
    await updateQueue(test.db, queueId, { maxConcurrent: 3 })
    const jobs = await Promise.all(Array.from({ length: 9 }, () => newJob(test.db, 'Db1')))
    const claims = await Promise.all(jobs.map(({ jobId }) => take(jobId)))
    const running = claims.filter((one) => one.kind === 'run')
    expect(running).toHaveLength(3)
    expect(claims.filter(({ kind }) => kind === 'later')).toHaveLength(6)
    const [first] = running
    if (first?.kind === 'run') await completeJob(test.db, first.fence, RESULT)
    const waiting = claims.findIndex(({ kind }) => kind === 'later')
    expect(await take(jobs[waiting]?.jobId ?? '')).toMatchObject({ kind: 'run' })
    await updateQueue(test.db, queueId, { maxConcurrent: 10 })
  })

  it('an ended, cancelled or unknown job is skipped', async () => {
    const [done, cancelled] = [await newJob(test.db, 'Db1'), await newJob(test.db, 'Db1')]
    expect(await completeJob(test.db, await claim(test.db, done.jobId), RESULT)).toBe(true)
    expect(await cancelJob(test.db, cancelled.jobId)).toMatchObject({
      state: 'Cancel',
      endedAt: expect.any(Date),
    })
    expect(await take(done.jobId)).toEqual({ kind: 'skip', reason: 'ended' })
    expect(await take(cancelled.jobId)).toEqual({ kind: 'skip', reason: 'ended' })
    expect(await take('j0')).toEqual({ kind: 'skip', reason: 'unknown' })
  })

  it('only a waiting job can be cancelled', async () => {
    const { jobId } = await newJob(test.db, 'Db1')
    const fence = await claim(test.db, jobId)
    await expect(cancelJob(test.db, jobId)).rejects.toMatchObject({ code: 'InvalidArgument' })
    await completeJob(test.db, fence, RESULT)
    await expect(cancelJob(test.db, jobId)).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(cancelJob(test.db, 'j0')).rejects.toMatchObject({ code: 'InvalidArgument' })
  })

  it('the worker of a running job that an administrator cancels can no longer write it, and no callback is sent', {
    tags: ['cancel-running'],
  }, async () => {
    const { jobId } = await newJob(test.db, 'Db1')
    const fence = await claim(test.db, jobId)
    expect(await stopJob(test.db, jobId)).toMatchObject({ state: 'Cancel', endedAt: expect.any(Date) })
    expect(await heartbeat(test.db, fence, { progress: 0.9, leaseMs: 1000 })).toBe(false)
    expect(await completeJob(test.db, fence, RESULT)).toBe(false)
    expect(await failJob(test.db, fence, { code: 'InternalError', message: 'late' })).toBe(false)
    expect(await releaseJob(test.db, fence)).toBe(false)
    expect(await listDeliveries(test.db, jobId)).toEqual([])
    expect(await take(jobId)).toEqual({ kind: 'skip', reason: 'ended' })
    await expect(stopJob(test.db, jobId)).rejects.toMatchObject({ code: 'Conflict' })
    await expect(stopJob(test.db, 'j0')).rejects.toMatchObject({ code: 'NotFound' })
    expect(await retryJob(test.db, jobId)).toMatchObject({ state: 'Submitted' })
    expect(await claim(test.db, jobId)).not.toEqual(fence)
    expect(await heartbeat(test.db, fence, { leaseMs: 1000 })).toBe(false)
  })

  it('another worker takes over a job when its lease expires, and the first one can no longer write it', {
    tags: ['one-claim'],
  }, async () => {
    const { jobId } = await newJob(test.db, 'Db1')
    const old = await claim(test.db, jobId)
    expect(await take(jobId)).toMatchObject({ kind: 'later', delayMs: expect.any(Number) })
    await heartbeat(test.db, old, { leaseMs: 0 })
    const fresh = await claim(test.db, jobId)
    expect(await heartbeat(test.db, old, { progress: 0.9, leaseMs: 1000 })).toBe(false)
    expect(await completeJob(test.db, old, RESULT)).toBe(false)
    expect(await failJob(test.db, old, { code: 'InternalError', message: 'late' })).toBe(false)
    expect(await releaseJob(test.db, old)).toBe(false)
    expect(await heartbeat(test.db, fresh, { progress: 0.5, stage: 'decode', leaseMs: 1000 })).toBe(true)
    expect(await jobOf(jobId)).toMatchObject({
      state: 'Running',
      attempts: 2,
      progress: 0.5,
      stage: 'decode',
    })
  })

  it('progress never decreases', async () => {
    const { jobId } = await newJob(test.db, 'Db1')
    const fence = await claim(test.db, jobId)
    await heartbeat(test.db, fence, { progress: 0.6, leaseMs: 1000 })
    await heartbeat(test.db, fence, { progress: 0.4, stage: 'match', leaseMs: 1000 })
    expect(await jobOf(jobId)).toMatchObject({ progress: 0.6, stage: 'match' })
  })

  it('a job returned at shutdown waits again, is dispatched at once and keeps its attempts', {
    tags: ['shutdown'],
  }, async () => {
    const { jobId } = await newJob(test.db, 'Db1')
    const fence = await claim(test.db, jobId)
    expect(await releaseJob(test.db, fence)).toBe(true)
    expect(await jobOf(jobId)).toMatchObject({ state: 'Submitted', attempts: 0, progress: 0 })
    expect(await jobsToDispatch(test.db, { olderThanMs: 60_000, limit: 10 })).toEqual([
      expect.objectContaining({ jobId, jobLevel: 0 }),
    ])
    const again = await claim(test.db, jobId)
    expect(again.claim).not.toBe(fence.claim)
    expect(await completeJob(test.db, fence, RESULT)).toBe(false)
  })

  it('a job whose lease expires is requeued, and fails with a message after five attempts', {
    tags: ['job-deaths'],
  }, async () => {
    const { jobId } = await newJob(test.db, 'Db1')
    for (let death = 1; death < MAX_ATTEMPTS; death++) {
      await claim(test.db, jobId, 0)
      expect(await expireLeases(test.db)).toEqual({ requeued: [jobId], failed: [] })
      expect(await jobOf(jobId)).toMatchObject({ state: 'Submitted', attempts: death })
    }
    await claim(test.db, jobId, 0)
    expect(await expireLeases(test.db)).toEqual({ requeued: [], failed: [jobId] })
    expect(await jobOf(jobId)).toMatchObject({
      state: 'Failed',
      code: 'InternalError',
      message: expect.stringContaining('The worker died in all 5 attempts'),
      attempts: 5,
    })
    expect(await expireLeases(test.db)).toEqual({ requeued: [], failed: [] })
  })

  it('a claim after five attempts fails the job at once', async () => {
    const { jobId } = await newJob(test.db, 'Db1')
    for (let death = 1; death <= MAX_ATTEMPTS; death++) await claim(test.db, jobId, 0)
    expect(await take(jobId)).toEqual({ kind: 'skip', reason: 'failed' })
    expect(await jobOf(jobId)).toMatchObject({ state: 'Failed', code: 'InternalError' })
  })

  it('a failed job keeps its error until a retry resets it', async () => {
    const { jobId } = await newJob(test.db, 'Db1')
    const fence = await claim(test.db, jobId)
    const failure = { code: 'ResourceNotFound', message: 'Not there.', cause: 'ENOENT' }
    expect(await failJob(test.db, fence, failure)).toBe(true)
    expect(await jobOf(jobId)).toMatchObject({ state: 'Failed', ...failure, endedAt: expect.any(Date) })
    const fresh = { state: 'Submitted', code: null, message: null, cause: null, attempts: 0, endedAt: null }
    expect(await retryJob(test.db, jobId)).toMatchObject(fresh)
    await expect(retryJob(test.db, jobId)).rejects.toMatchObject({ code: 'Conflict' })
    await expect(retryJob(test.db, 'j0')).rejects.toMatchObject({ code: 'NotFound' })
    expect(await completeJob(test.db, fence, RESULT)).toBe(false)
    expect((await claim(test.db, jobId)).claim).toBeGreaterThan(fence.claim)
  })

  it('pausing a queue pauses its waiting jobs, and resuming dispatches them at once', async () => {
    const { queueId } = await ensureQueue(test.db, BUCKET)
    const [waiting, running] = [await newJob(test.db, 'Db1'), await newJob(test.db, 'Db1')]
    const fence = await claim(test.db, running.jobId)
    expect(await updateQueue(test.db, queueId, { state: 'Paused' })).toMatchObject({ state: 'Paused' })
    const late = await newJob(test.db, 'Db1', { object: 'late.mp4' })
    expect(late.state).toBe('Pause')
    expect(await jobOf(waiting.jobId)).toMatchObject({ state: 'Pause' })
    expect(await take(waiting.jobId)).toEqual({ kind: 'skip', reason: 'paused' })
    await releaseJob(test.db, fence)
    expect(await jobOf(running.jobId)).toMatchObject({ state: 'Pause' })
    await updateQueue(test.db, queueId, { state: 'Active' })
    const due = await jobsToDispatch(test.db, { olderThanMs: 60_000, limit: 10 })
    expect(due.map(({ jobId }) => jobId)).toEqual([waiting.jobId, running.jobId, late.jobId])
    expect(await take(waiting.jobId)).toMatchObject({ kind: 'run' })
  })
})
