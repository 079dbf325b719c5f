import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backends, type TestDatabase } from '../databases.fixture.ts'
import { newJob } from '../samples.fixture.ts'
import {
  dueDeliveries,
  finishDelivery,
  insertDelivery,
  listDeliveries,
  receiverOf,
  resendDelivery,
} from './deliveries.ts'

describe.each(backends)('the attempt log on $name', ({ open }) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await open()
  })
  afterAll(() => database.close())

  const inserted = async (url: string): Promise<{ jobId: string; deliveryId: number }> => {
    const { jobId } = await newJob(database.db, 'Db1')
    const deliveryId = await insertDelivery(database.db.pool, { jobId, type: 'Url', format: 'XML', url })
    return { jobId, deliveryId }
  }

  /** Makes all pending callbacks due. Without this, two clock readings within a microsecond could have either order. */
  const makeDue = () =>
    database.db.pool.query(`update deliveries set next_at = next_at - interval '1 second'`)

  test('the newest 50 attempts are kept with their outcomes', async () => {
    const { jobId, deliveryId } = await inserted('http://one/')
    for (let attempt = 1; attempt <= 52; attempt++) {
      await makeDue()
      const [due] = await dueDeliveries(database.db, { limit: 1, leaseMs: 60_000 })
      expect(due).toMatchObject({ deliveryId, attempts: attempt })
      const outcome = { deliveryId, attempt, delivered: false, httpStatus: 500, error: `no ${attempt}` }
      await finishDelivery(database.db, { ...outcome, seconds: 0.5, retryInMs: 0 })
    }
    const [delivery] = await listDeliveries(database.db, jobId)
    expect(delivery?.attemptLog).toHaveLength(50)
    expect(delivery?.attemptLog[0]).toMatchObject({
      attempt: 3,
      httpStatus: 500,
      error: 'no 3',
      seconds: 0.5,
    })
    expect(delivery?.attemptLog.at(-1)).toMatchObject({
      attempt: 52,
      at: expect.stringMatching(/^\d{4}-.*Z$/),
    })
    await database.db.pool.query('delete from deliveries')
  })

  test('the time since the first attempt is known, and a resend starts it again', async () => {
    const { deliveryId } = await inserted('http://one/')
    await database.db.pool.query(`update deliveries set retrying_since = retrying_since - interval '1 hour'`)
    await makeDue()
    const [old] = await dueDeliveries(database.db, { limit: 1, leaseMs: 60_000 })
    expect(old?.elapsedMs).toBeGreaterThanOrEqual(3_600_000)
    await resendDelivery(database.db, deliveryId)
    await makeDue()
    const [fresh] = await dueDeliveries(database.db, { limit: 1, leaseMs: 60_000 })
    expect(fresh?.elapsedMs).toBeLessThan(3_600_000)
    await database.db.pool.query('delete from deliveries')
  })

  test('receivers that have used their share are left out', async () => {
    const busy = await inserted('http://busy/')
    const exceptReceivers = (await listDeliveries(database.db, busy.jobId)).map(receiverOf)
    const free = await inserted('http://free/')
    await makeDue()
    const due = await dueDeliveries(database.db, { limit: 10, leaseMs: 60_000, exceptReceivers })
    expect(due.map(({ deliveryId }) => deliveryId)).toEqual([free.deliveryId])
  })
})
