import { randomBytes } from 'node:crypto'
import { Fault, type RuleType } from '@kinoprint/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { cancelJob, retryJob, stopJob } from '../jobs/cancel-retry.ts'
import { claimJob } from '../jobs/claim-job.ts'
import { enqueueJob, enqueueJobs, enqueueTogether, type NewJob } from '../jobs/enqueue-jobs.ts'
import { completeJob, failJob } from '../jobs/finish-job.ts'
import type { JobFence } from '../jobs/job.ts'
import { createKey, listKeys, revokeKey, updateKey } from './keys.ts'
import { type QuotaChanges, readQuotaShares, reserveMinutes } from './quotas.ts'

const codesOf = (outcomes: readonly unknown[]) =>
  outcomes.map((outcome) => (outcome instanceof Fault ? outcome.code : 'created'))

describe.each(backends)('quotas on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const newKey = async (quota: QuotaChanges): Promise<string> =>
    (await createKey(database.db, { encryptionKey: randomBytes(32), name: 'k', quota })).secretId
  const used = async (secretId: string) =>
    (await listKeys(database.db)).find((key) => key.secretId === secretId)?.used
  const request = (secretId: string, changes: Partial<NewJob> = {}): NewJob => ({
    ...{ ruleType: 'FindSimilarVideo', dnaDbId: 'Db1', bucket: 'films-125', region: 'local', object: 'a' },
    ...{ secretId, ...changes },
  })
  const claim = async (jobId: string): Promise<JobFence> => {
    const claimed = await claimJob(database.db, { jobId, workerId: 'w', leaseMs: 60_000 })
    if (claimed.kind !== 'run') throw new Error(claimed.kind)
    return claimed.fence
  }
  /** Starts a job. Each is in a bucket of its own, whose queue runs it at once. */
  const start = async (secretId: string, ruleType: RuleType = 'FindSimilarVideo') => {
    const bucket = `b${randomBytes(4).toString('hex')}-125`
    const { jobId } = await enqueueJob(database.db, request(secretId, { ruleType, bucket }))
    return { jobId, fence: await claim(jobId) }
  }
  const reserve = (secretId: string, fence: JobFence, minutes: number) =>
    reserveMinutes(database.db, fence, { secretId, durationSeconds: 60 * minutes })
  const complete = (fence: JobFence, minutes: number) =>
    completeJob(database.db, fence, { videoId: 'dv1', durationSeconds: 60 * minutes, detections: [] })

  test('concurrent submissions to several queues do not exceed the open jobs of a key', {
    tags: ['key-quota'],
  }, async () => {
    const [secretId, other] = [await newKey({ openJobs: 5 }), await newKey({})]
    const batches = Array.from({ length: 12 }, (_, n) =>
      enqueueJobs(database.db, [
        request(secretId, { bucket: `q${n % 4}-125` }),
        request(other, { bucket: `q${(n + 1) % 4}-125` }),
        request(secretId, { bucket: `q${(n + 2) % 4}-125` }),
      ]),
    )
    const outcomes = await Promise.all(batches)
    const of = (id: string) => outcomes.flat().filter((one) => 'jobId' in one && one.secretId === id)
    expect(of(secretId)).toHaveLength(5)
    expect(of(other)).toHaveLength(12)
    expect(codesOf(outcomes.flat()).filter((code) => code === 'QueueSaturated')).toHaveLength(19)
    expect(await used(secretId)).toMatchObject({ openJobs: 5 })
  })

  test('jobs that run count as open until they end, and a request of several jobs is taken whole or not', async () => {
    const secretId = await newKey({ openJobs: 3 })
    const { fence } = await start(secretId)
    const three = ['a', 'b', 'c'].map((object) => request(secretId, { object }))
    await expect(enqueueTogether(database.db, three)).rejects.toMatchObject({ code: 'QueueSaturated' })
    expect(await used(secretId)).toMatchObject({ openJobs: 1 })
    await failJob(database.db, fence, { code: 'ResourceNotFound', message: 'm' })
    expect(await enqueueTogether(database.db, three)).toHaveLength(3)
  })

  test('concurrent jobs do not exceed the minutes of their key', { tags: ['key-quota'] }, async () => {
    const secretId = await newKey({ minutesPerDay: 5 })
    const running = []
    for (let n = 0; n < 8; n++) running.push(await start(secretId))
    const outcomes = await Promise.allSettled(running.map(({ fence }) => reserve(secretId, fence, 2)))
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(codesOf(failures)).toEqual(Array.from({ length: 6 }, () => 'LimitExceeded'))
    expect(failures[0].message).toMatch(/is 2\.0 min long, but this key has 1\.0 min left for this day/)
    expect(await used(secretId)).toMatchObject({ reservedMinutes: 4, minutesToday: 0 })
  })

  test('failed, stopped and cancelled jobs give their minutes back, and successful ones use them', {
    tags: ['key-quota'],
  }, async () => {
    const secretId = await newKey({ minutesPerDay: 10, minutesPerMonth: 12 })
    const [done, failed, stopped] = [await start(secretId), await start(secretId), await start(secretId)]
    await reserve(secretId, done.fence, 4)
    await reserve(secretId, failed.fence, 3)
    await reserve(secretId, stopped.fence, 3)
    const waiting = request(secretId)
    await expect(enqueueJob(database.db, waiting)).rejects.toMatchObject({
      code: 'LimitExceeded',
      message: expect.stringContaining('at 00:00 UTC'),
    })
    await complete(done.fence, 4)
    await expect(enqueueJob(database.db, waiting)).rejects.toMatchObject({ code: 'LimitExceeded' })
    await failJob(database.db, failed.fence, { code: 'ResourceNotFound', message: 'm' })
    await stopJob(database.db, stopped.jobId)
    expect(await used(secretId)).toEqual({
      ...{ minutesToday: 4, minutesThisMonth: 4, reservedMinutes: 0, openJobs: 0 },
    })
    // A retry knows nothing of its length until it is read again.
    await retryJob(database.db, failed.jobId)
    expect(await used(secretId)).toMatchObject({ reservedMinutes: 0, openJobs: 1 })
    await cancelJob(database.db, failed.jobId)
  })

  test('a job that is claimed again does not reserve its minutes twice', async () => {
    const secretId = await newKey({ minutesPerDay: 10 })
    const { jobId, fence } = await start(secretId)
    await reserve(secretId, fence, 6)
    await database.db.pool.query('update jobs set lease_until = clock_timestamp() where job_id = $1', [jobId])
    const again = await claim(jobId)
    await expect(reserve(secretId, fence, 6)).rejects.toMatchObject({ code: 'Cancelled' })
    await reserve(secretId, again, 6)
    expect(await used(secretId)).toMatchObject({ reservedMinutes: 6 })
  })

  test('a new day and a new month in UTC begin at zero, with what is still reserved', async () => {
    const secretId = await newKey({ minutesPerDay: 10, minutesPerMonth: 20 })
    const [ended, running] = [await start(secretId), await start(secretId)]
    await reserve(secretId, ended.fence, 9)
    await complete(ended.fence, 9)
    await reserve(secretId, running.fence, 1)
    await expect(enqueueJob(database.db, request(secretId))).rejects.toMatchObject({ code: 'LimitExceeded' })
    const move = (to: string) =>
      database.db.pool.query(`update usage_by_day set day = ${to} where secret_id = $1`, [secretId])
    await move(`(clock_timestamp() at time zone 'utc')::date - 1`)
    expect(await used(secretId)).toMatchObject({ minutesToday: 0, reservedMinutes: 1 })
    const next = await start(secretId)
    await expect(reserve(secretId, next.fence, 9.5)).rejects.toMatchObject({ code: 'LimitExceeded' })
    await reserve(secretId, next.fence, 9)

    await move(`date_trunc('month', clock_timestamp() at time zone 'utc')::date`)
    await updateKey(database.db, secretId, { quota: { minutesPerDay: null, minutesPerMonth: 19 } })
    await expect(enqueueJob(database.db, request(secretId))).rejects.toMatchObject({
      message: expect.stringContaining('the first of the next month'),
    })
    await move(`date_trunc('month', clock_timestamp() at time zone 'utc')::date - 1`)
    expect(codesOf([await enqueueJob(database.db, request(secretId))])).toEqual(['created'])
  })

  test('the used share of each limit is read, with the reserved minutes', async () => {
    const secretId = await newKey({ minutesPerDay: 10, minutesPerMonth: 0, openJobs: 4 })
    await newKey({})
    await updateKey(database.db, secretId, { quota: { minutesPerMonth: 20 } })
    const [ended, running] = [await start(secretId), await start(secretId)]
    await reserve(secretId, ended.fence, 3)
    await complete(ended.fence, 3)
    await reserve(secretId, running.fence, 2)
    await updateKey(database.db, secretId, { quota: { minutesPerMonth: 0 } })
    const shares = (await readQuotaShares(database.db)).filter((share) => share.secretId === secretId)
    expect(shares.map(({ limit, used: share }) => [limit, share])).toEqual([
      ['minutesPerDay', 0.5],
      ['minutesPerMonth', 1],
      ['openJobs', 0.25],
    ])
    await revokeKey(database.db, secretId)
    expect((await readQuotaShares(database.db)).map((share) => share.secretId)).not.toContain(secretId)
  })

  test('a key without minutes still deletes, and a marked retry still finds its job', async () => {
    const secretId = await newKey({ minutesPerDay: 1 })
    const marked = request(secretId, { requestHash: 'h', dedupeSeconds: 60 })
    const first = await enqueueJob(database.db, marked)
    await updateKey(database.db, secretId, { quota: { minutesPerDay: 0 } })
    const outcomes = await enqueueJobs(database.db, [
      request(secretId),
      request(secretId, { ruleType: 'DeleteFingerPrint' }),
      { ...marked },
    ])
    expect(codesOf(outcomes)).toEqual(['LimitExceeded', 'created', 'created'])
    expect(outcomes[2]).toMatchObject({ jobId: first.jobId })
    expect((await start(secretId, 'DeleteFingerPrint')).jobId).toMatch(/^j/)
  })
})
