import { createAllowList } from '@kinoprint/runtime'
import { dueDeliveries, finishDelivery, listDeliveries } from '@kinoprint/store'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { attemptDelivery } from './attempt-delivery.ts'
import { type Office, openOffice } from './office.fixture.ts'
import { defaultRetryPlan } from './retry-delay.ts'

const HOUR_MS = 3_600_000
const callback = { silent: false, type: 'Url', format: 'JSON', url: 'http://127.0.0.1:1/' } as const

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterEach(() => void vi.useRealTimers())
afterAll(() => office.close())

/** This process's clock stands still, that far from the database's. */
const shiftClock = (byMs: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs })

/** Its callback is due, beyond doubt. */
const endedJob = async (): Promise<string> => {
  const jobId = await office.end(callback)
  await office.db.pool.query(`update deliveries set next_at = next_at - interval '1 second'`)
  return jobId
}

/** Seconds until the callback is due, by the database's clock. */
const dueInSeconds = async (jobId: string): Promise<number> => {
  const { rows } = await office.db.pool.query<{ seconds: number }>(
    `select extract(epoch from next_at - clock_timestamp())::float8 as seconds from deliveries where job_id = $1`,
    [jobId],
  )
  return rows[0]?.seconds ?? Number.NaN
}

test.each([
  ['behind', -HOUR_MS],
  ['ahead of', HOUR_MS],
])(
  'a callback that failed waits for its pause where the clock of the worker is an hour %s the database',
  { tags: ['worker-clock'] },
  async (_, byMs) => {
    const jobId = await endedJob()
    shiftClock(byMs)
    const [due] = await dueDeliveries(office.db, { limit: 1, leaseMs: 60_000 })
    if (due === undefined) throw new Error('Nothing is due.')
    const stopped = AbortSignal.abort(new Error('no answer'))
    const context = {
      db: office.db,
      log: { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() },
      retryPlan: { ...defaultRetryPlan, baseMs: 600_000 },
      broker: null,
      amqpNames: [],
      encryptionKey: Buffer.alloc(32),
      resultTag: 'both' as const,
      jsonWrapper: false,
      allow: createAllowList([]),
      resolve: undefined,
    }
    expect(await attemptDelivery(context, due, { signal: stopped })).toBe('retried')
    // The pause is ten minutes, give or take a fifth.
    const seconds = await dueInSeconds(jobId)
    expect(seconds).toBeGreaterThan(300)
    expect(seconds).toBeLessThan(900)
    expect(await dueDeliveries(office.db, { limit: 1, leaseMs: 60_000 })).toEqual([])
    await office.db.pool.query('delete from deliveries')
  },
)

test('what a row remembers of an attempt has the time of the database', async () => {
  const jobId = await endedJob()
  shiftClock(-HOUR_MS)
  const [due] = await dueDeliveries(office.db, { limit: 1, leaseMs: 60_000 })
  await finishDelivery(office.db, { deliveryId: due?.deliveryId ?? 0, attempt: 1, delivered: true })
  const { rows } = await office.db.pool.query('select clock_timestamp() as now')
  const [delivery] = await listDeliveries(office.db, jobId)
  const apartMs = Math.abs(Date.parse(delivery?.attemptLog[0]?.at ?? '') - rows[0].now.getTime())
  expect(apartMs).toBeLessThan(HOUR_MS / 2)
})
