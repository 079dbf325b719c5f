import { withLogFields } from '@kinoprint/core'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../database.ts'
import { backends, migratedServerDatabase, type TestDatabase } from '../databases.fixture.ts'
import { listDeliveries } from '../deliveries/deliveries.ts'
import { openDatabase } from '../open.ts'
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
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await database.db.pool.query('delete from jobs')
  })

  const take = (jobId: string, leaseMs = 60_000): Promise<ClaimOutcome> =>
    claimJob(database.db, { jobId, workerId: 'w', leaseMs })

  const jobOf = async (jobId: string) => {
    const [job] = await getJobs(database.db, [jobId])
    return job
  }

  test('one of several concurrent claims gets the job', { tags: ['one-claim'] }, async () => {
    const others = database.another === null ? database.db : await database.another()
    for (let round = 0; round < 5; round++) {
      const { jobId } = await newJob(database.db, 'Db1')
      const claims = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          claimJob(index % 2 === 0 ? database.db : others, { jobId, workerId: `w${index}`, leaseMs: 60_000 }),
        ),
      )
      expect(claims.filter(({ kind }) => kind === 'run')).toHaveLength(1)
      expect(claims.filter(({ kind }) => kind === 'later')).toHaveLength(11)
      expect(await jobOf(jobId)).toMatchObject({ state: 'Running', attempts: 1, startedAt: expect.any(Date) })
    }
    if (others !== database.db) await others.close()
  })

  test('a queue runs at most MaxConcurrent jobs over all workers', {
    tags: ['queue-limits'],
  }, async () => {
    const { queueId } = await ensureQueue(database.db, BUCKET)
    await updateQueue(database.db, queueId, { maxConcurrent: 3 })
    const jobs = await Promise.all(Array.from({ length: 9 }, () => newJob(database.db, 'Db1')))
    const claims = await Promise.all(jobs.map(({ jobId }) => take(jobId)))
    const running = claims.filter((one) => one.kind === 'run')
    expect(running).toHaveLength(3)
    expect(claims.filter(({ kind }) => kind === 'later')).toHaveLength(6)
    const [first] = running
    if (first?.kind === 'run') await completeJob(database.db, first.fence, RESULT)
    const waiting = claims.findIndex(({ kind }) => kind === 'later')
    expect(await take(jobs[waiting]?.jobId ?? '')).toMatchObject({ kind: 'run' })
    await updateQueue(database.db, queueId, { maxConcurrent: 10 })
  })

  test('a claim returns the request that submitted the job, which ends with the job', async () => {
    const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const { jobId } = await withLogFields({ requestId: 'r1' }, () => newJob(database.db, 'Db1'))
    expect(await take(jobId)).toMatchObject({ origin: { requestId: 'r1', traceParent: null } })
    const other = await newJob(database.db, 'Db1', { origin: { requestId: null, traceParent } })
    expect(await take(other.jobId)).toMatchObject({ origin: { requestId: null, traceParent } })
    const unknown = await newJob(database.db, 'Db1')
    expect(await take(unknown.jobId)).toMatchObject({ origin: { requestId: null, traceParent: null } })
    await database.db.pool.query('delete from jobs')
    expect((await database.db.pool.query('select from job_origins')).rowCount).toBe(0)
  })

  test('an ended, cancelled or unknown job is skipped', async () => {
    const [done, cancelled] = [await newJob(database.db, 'Db1'), await newJob(database.db, 'Db1')]
    expect(await completeJob(database.db, await claim(database.db, done.jobId), RESULT)).toBe(true)
    expect(await cancelJob(database.db, cancelled.jobId)).toMatchObject({
      state: 'Cancel',
      endedAt: expect.any(Date),
    })
    expect(await take(done.jobId)).toEqual({ kind: 'skip', reason: 'ended' })
    expect(await take(cancelled.jobId)).toEqual({ kind: 'skip', reason: 'ended' })
    expect(await take('j0')).toEqual({ kind: 'skip', reason: 'unknown' })
  })

  test('only a waiting job can be cancelled', async () => {
    const { jobId } = await newJob(database.db, 'Db1')
    const fence = await claim(database.db, jobId)
    await expect(cancelJob(database.db, jobId)).rejects.toMatchObject({ code: 'InvalidArgument' })
    await completeJob(database.db, fence, RESULT)
    await expect(cancelJob(database.db, jobId)).rejects.toMatchObject({ code: 'InvalidArgument' })
    await expect(cancelJob(database.db, 'j0')).rejects.toMatchObject({ code: 'InvalidArgument' })
  })

  test('the worker of a running job that an administrator cancels can no longer write it, and no callback is sent', {
    tags: ['cancel-running'],
  }, async () => {
    const { jobId } = await newJob(database.db, 'Db1')
    const fence = await claim(database.db, jobId)
    expect(await stopJob(database.db, jobId)).toMatchObject({ state: 'Cancel', endedAt: expect.any(Date) })
    expect(await heartbeat(database.db, fence, { progress: 0.9, leaseMs: 1000 })).toBe(false)
    expect(await completeJob(database.db, fence, RESULT)).toBe(false)
    expect(await failJob(database.db, fence, { code: 'InternalError', message: 'late' })).toBe(false)
    expect(await releaseJob(database.db, fence)).toBe(false)
    expect(await listDeliveries(database.db, jobId)).toEqual([])
    expect(await take(jobId)).toEqual({ kind: 'skip', reason: 'ended' })
    await expect(stopJob(database.db, jobId)).rejects.toMatchObject({ code: 'Conflict' })
    await expect(stopJob(database.db, 'j0')).rejects.toMatchObject({ code: 'NotFound' })
    expect(await retryJob(database.db, jobId)).toMatchObject({ state: 'Submitted' })
    expect(await claim(database.db, jobId)).not.toEqual(fence)
    expect(await heartbeat(database.db, fence, { leaseMs: 1000 })).toBe(false)
  })

  test('another worker takes over a job when its lease expires, and the first one can no longer write it', {
    tags: ['one-claim'],
  }, async () => {
    const { jobId } = await newJob(database.db, 'Db1')
    const old = await claim(database.db, jobId)
    expect(await take(jobId)).toMatchObject({ kind: 'later', delayMs: expect.any(Number) })
    await heartbeat(database.db, old, { leaseMs: 0 })
    const fresh = await claim(database.db, jobId)
    expect(await heartbeat(database.db, old, { progress: 0.9, leaseMs: 1000 })).toBe(false)
    expect(await completeJob(database.db, old, RESULT)).toBe(false)
    expect(await failJob(database.db, old, { code: 'InternalError', message: 'late' })).toBe(false)
    expect(await releaseJob(database.db, old)).toBe(false)
    expect(await heartbeat(database.db, fresh, { progress: 0.5, stage: 'decode', leaseMs: 1000 })).toBe(true)
    expect(await jobOf(jobId)).toMatchObject({
      state: 'Running',
      attempts: 2,
      progress: 0.5,
      stage: 'decode',
    })
  })

  test('progress never decreases', async () => {
    const { jobId } = await newJob(database.db, 'Db1')
    const fence = await claim(database.db, jobId)
    await heartbeat(database.db, fence, { progress: 0.6, leaseMs: 1000 })
    await heartbeat(database.db, fence, { progress: 0.4, stage: 'match', leaseMs: 1000 })
    expect(await jobOf(jobId)).toMatchObject({ progress: 0.6, stage: 'match' })
  })

  test('a job returned at shutdown waits again, is dispatched at once and keeps its attempts', {
    tags: ['shutdown'],
  }, async () => {
    const { jobId } = await newJob(database.db, 'Db1')
    const fence = await claim(database.db, jobId)
    expect(await releaseJob(database.db, fence)).toBe(true)
    expect(await jobOf(jobId)).toMatchObject({ state: 'Submitted', attempts: 0, progress: 0 })
    expect(await jobsToDispatch(database.db, { olderThanMs: 60_000, limit: 10 })).toEqual([
      expect.objectContaining({ jobId, jobLevel: 0 }),
    ])
    const again = await claim(database.db, jobId)
    expect(again.claim).not.toBe(fence.claim)
    expect(await completeJob(database.db, fence, RESULT)).toBe(false)
  })

  test('a job whose lease expires is requeued, and fails with a message after five attempts', {
    tags: ['job-deaths'],
  }, async () => {
    const { jobId } = await newJob(database.db, 'Db1')
    for (let death = 1; death < MAX_ATTEMPTS; death++) {
      await claim(database.db, jobId, 0)
      expect(await expireLeases(database.db)).toEqual({ requeued: [jobId], failed: [] })
      expect(await jobOf(jobId)).toMatchObject({ state: 'Submitted', attempts: death })
    }
    await claim(database.db, jobId, 0)
    expect(await expireLeases(database.db)).toEqual({ requeued: [], failed: [jobId] })
    expect(await jobOf(jobId)).toMatchObject({
      state: 'Failed',
      code: 'InternalError',
      message: expect.stringContaining('The worker died in all 5 attempts'),
      attempts: 5,
    })
    expect(await expireLeases(database.db)).toEqual({ requeued: [], failed: [] })
  })

  test('a claim after five attempts fails the job at once', async () => {
    const { jobId } = await newJob(database.db, 'Db1')
    for (let death = 1; death <= MAX_ATTEMPTS; death++) await claim(database.db, jobId, 0)
    expect(await take(jobId)).toEqual({ kind: 'skip', reason: 'failed' })
    expect(await jobOf(jobId)).toMatchObject({ state: 'Failed', code: 'InternalError' })
  })

  test('a failed job keeps its error until a retry resets it', async () => {
    const { jobId } = await newJob(database.db, 'Db1')
    const fence = await claim(database.db, jobId)
    const failure = { code: 'ResourceNotFound', message: 'Not there.', cause: 'ENOENT' }
    expect(await failJob(database.db, fence, failure)).toBe(true)
    expect(await jobOf(jobId)).toMatchObject({ state: 'Failed', ...failure, endedAt: expect.any(Date) })
    const fresh = { state: 'Submitted', code: null, message: null, cause: null, attempts: 0, endedAt: null }
    expect(await retryJob(database.db, jobId)).toMatchObject(fresh)
    await expect(retryJob(database.db, jobId)).rejects.toMatchObject({ code: 'Conflict' })
    await expect(retryJob(database.db, 'j0')).rejects.toMatchObject({ code: 'NotFound' })
    expect(await completeJob(database.db, fence, RESULT)).toBe(false)
    expect((await claim(database.db, jobId)).claim).toBeGreaterThan(fence.claim)
  })

  test('pausing a queue pauses its waiting jobs, and resuming dispatches them at once', async () => {
    const { queueId } = await ensureQueue(database.db, BUCKET)
    const [waiting, running] = [await newJob(database.db, 'Db1'), await newJob(database.db, 'Db1')]
    const fence = await claim(database.db, running.jobId)
    expect(await updateQueue(database.db, queueId, { state: 'Paused' })).toMatchObject({ state: 'Paused' })
    const late = await newJob(database.db, 'Db1', { object: 'late.mp4' })
    expect(late.state).toBe('Pause')
    expect(await jobOf(waiting.jobId)).toMatchObject({ state: 'Pause' })
    expect(await take(waiting.jobId)).toEqual({ kind: 'skip', reason: 'paused' })
    await releaseJob(database.db, fence)
    expect(await jobOf(running.jobId)).toMatchObject({ state: 'Pause' })
    await updateQueue(database.db, queueId, { state: 'Active' })
    const due = await jobsToDispatch(database.db, { olderThanMs: 60_000, limit: 10 })
    expect(due.map(({ jobId }) => jobId)).toEqual([waiting.jobId, running.jobId, late.jobId])
    expect(await take(waiting.jobId)).toMatchObject({ kind: 'run' })
  })
})

describe('a worker that stops in the middle of a claim', () => {
  test('leaves no lock on its queue after any of its statements', async () => {
    const { url, drop } = await migratedServerDatabase()
    const [db, stopping] = [
      await openDatabase({ databaseUrl: url }),
      await openDatabase({ databaseUrl: url }),
    ]
    const { queueId } = await ensureQueue(db, BUCKET)
    for (let most = 1, hasEnded = false; !hasEnded; most++) {
      const { jobId } = await newJob(db, 'Db1')
      const worker = stopAfter(stopping, most)
      const claimed = claimJob(worker.db, { jobId, workerId: 'w', leaseMs: 60_000 }).then(() => true)
      hasEnded = await Promise.race([claimed, worker.stopped.then(() => false)])
      const locked = db.pool.query('select from queues where queue_id = $1 for update nowait', [queueId])
      await expect(locked).resolves.toMatchObject({ rowCount: 1 })
      worker.end()
    }
    await Promise.all([db.close(), stopping.close()])
    await drop()
  })
})

/** A database whose caller hears no more after the given number of statements, while its connections stay open. */
function stopAfter(db: Database, statements: number) {
  let stop = () => {}
  const stopped = new Promise<void>((resolve) => {
    stop = resolve
  })
  const clients: pg.PoolClient[] = []
  let left = statements
  const count = async <T>(outcome: Promise<T>): Promise<T> => {
    const result = await outcome
    left -= 1
    if (left > 0) return result
    stop()
    return new Promise(() => {})
  }
  const query = (on: Pick<pg.PoolClient, 'query'>) => ({
    value: (...args: [string]) => count(on.query(...args)),
  })
  const connect = async () => {
    const client = await db.pool.connect()
    clients.push(client)
    return Object.create(client, { query: query(client), release: { value: () => {} } })
  }
  const pool: Database['pool'] = Object.create(db.pool, {
    query: query(db.pool),
    connect: { value: connect },
  })
  return {
    db: { ...db, pool },
    stopped,
    end: () => {
      for (const client of clients) client.release(true)
    },
  }
}
