import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { cancelJob } from '../jobs/cancel-retry.ts'
import { completeJob, failJob } from '../jobs/finish-job.ts'
import { MAX_ATTEMPTS } from '../jobs/job.ts'
import { expireLeases } from '../jobs/lease.ts'
import { ensureQueue, updateQueue } from '../queues.ts'
import { claim, newJob } from '../samples.fixture.ts'
import { dueDeliveries, finishDelivery, listDeliveries, resendDelivery } from './deliveries.ts'

const OWN = { silent: false, type: 'Url', format: 'JSON', url: 'http://own/' } as const
const RESULT = { videoId: 'dv1', durationSeconds: 1, detections: [] }

const BUCKET = { bucket: 'films-125', region: 'local' }

describe.each(backends)('callbacks on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const ended = async (callback: Parameters<typeof newJob>[2] = {}): Promise<string> => {
    const { jobId } = await newJob(database.db, 'Db1', callback)
    await completeJob(database.db, await claim(database.db, jobId), RESULT)
    return jobId
  }

  test('a job with its own callback address reports to it, and a job without one sends nothing', async () => {
    const [own] = await listDeliveries(database.db, await ended({ callback: OWN }))
    expect(own).toMatchObject({
      status: 'Pending',
      type: 'Url',
      format: 'JSON',
      url: 'http://own/',
      attempts: 0,
    })
    expect(await listDeliveries(database.db, await ended())).toEqual([])
  })

  test('jobs without callback settings report to the address of the queue, unless silenced or cancelled', {
    tags: ['callback-queue'],
  }, async () => {
    const { queueId } = await ensureQueue(database.db, BUCKET)
    await updateQueue(database.db, queueId, { notify: { state: 'On', url: 'http://queue/' } })
    const silent = { silent: true, type: 'Url', format: 'XML' } as const
    expect(await listDeliveries(database.db, await ended())).toMatchObject([
      { url: 'http://queue/', format: 'XML' },
    ])
    expect(await listDeliveries(database.db, await ended({ callback: OWN }))).toMatchObject([
      { url: 'http://own/' },
    ])
    expect(await listDeliveries(database.db, await ended({ callback: silent }))).toEqual([])
    const { jobId } = await newJob(database.db, 'Db1')
    await cancelJob(database.db, jobId)
    expect(await listDeliveries(database.db, jobId)).toEqual([])
    await updateQueue(database.db, queueId, { notify: { event: 'WorkflowFinish' } })
    expect(await listDeliveries(database.db, await ended())).toEqual([])
    await updateQueue(database.db, queueId, { notify: { event: 'TaskFinish', type: 'TDMQ', mqName: 'q' } })
    expect(await listDeliveries(database.db, await ended())).toMatchObject([
      { type: 'TDMQ', mqMode: 'Queue', mqName: 'q' },
    ])
    await updateQueue(database.db, queueId, { notify: { state: 'Off' } })
  })

  test('failed jobs report too, including those whose workers died', async () => {
    const failed = await newJob(database.db, 'Db1', { callback: OWN })
    const failure = { code: 'ResourceNotFound', message: 'Not there.' }
    await failJob(database.db, await claim(database.db, failed.jobId), failure)
    expect(await listDeliveries(database.db, failed.jobId)).toHaveLength(1)
    const dead = await newJob(database.db, 'Db1', { callback: OWN })
    for (let death = 0; death < MAX_ATTEMPTS; death++) await claim(database.db, dead.jobId, 0)
    expect((await expireLeases(database.db)).failed).toEqual([dead.jobId])
    expect(await listDeliveries(database.db, dead.jobId)).toHaveLength(1)
  })

  test('a callback is claimed by one sender, and again only after its lease', {
    tags: ['callback-delivery'],
  }, async () => {
    await database.db.pool.query('delete from deliveries')
    const jobs = [
      await ended({ callback: OWN }),
      await ended({ callback: OWN }),
      await ended({ callback: OWN }),
    ]
    const makeDue = () =>
      database.db.pool.query(`update deliveries set next_at = next_at - interval '61 seconds'`)
    const due = () => dueDeliveries(database.db, { limit: 2, leaseMs: 60_000 })
    await makeDue()
    const taken = (await Promise.all([due(), due(), due()])).flat()
    expect(taken.map(({ jobId }) => jobId).sort()).toEqual([...jobs].sort())
    expect(await due()).toEqual([])
    await makeDue()
    const again = (await dueDeliveries(database.db, { limit: 10, leaseMs: 60_000 })).at(0)
    expect(again).toMatchObject({ attempts: 2 })
    const late = { deliveryId: again?.deliveryId ?? 0, attempt: 1, delivered: true }
    expect(await finishDelivery(database.db, late)).toBe(false)
  })

  test('a failed attempt is retried until delivered or given up, and can be resent', async () => {
    await database.db.pool.query('delete from deliveries')
    const jobId = await ended({ callback: OWN })
    const take = async () => {
      await database.db.pool.query(`update deliveries set next_at = next_at - interval '1 second'`)
      return (await dueDeliveries(database.db, { limit: 1, leaseMs: 60_000 })).at(0)
    }
    const first = await take()
    const outcome = {
      deliveryId: first?.deliveryId ?? 0,
      attempt: 1,
      delivered: false,
      body: '{}',
      httpStatus: 500,
    }
    await finishDelivery(database.db, { ...outcome, error: 'HTTP 500', retryInMs: 0 })
    const second = await take()
    expect(second).toMatchObject({ attempts: 2, lastError: 'HTTP 500', lastStatus: 500, body: '{}' })
    await finishDelivery(database.db, { ...outcome, attempt: 2, error: 'HTTP 500' })
    const given = { status: 'Failed', nextAt: null, endedAt: expect.any(Date) }
    expect(await listDeliveries(database.db, jobId)).toMatchObject([given])
    const again = await resendDelivery(database.db, outcome.deliveryId)
    expect(again).toMatchObject({ status: 'Pending', endedAt: null })
    const third = await take()
    const delivered = {
      deliveryId: outcome.deliveryId,
      attempt: third?.attempts ?? 0,
      delivered: true,
      httpStatus: 204,
    }
    expect(await finishDelivery(database.db, delivered)).toBe(true)
    expect(await listDeliveries(database.db, jobId)).toMatchObject([
      { status: 'Delivered', lastStatus: 204, body: '{}' },
    ])
    expect(await resendDelivery(database.db, 0)).toBeNull()
  })
})
