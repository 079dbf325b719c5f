import { createAllowList } from '@kinoprint/runtime'
import { dueDeliveries, finishDelivery, listDeliveries } from '@kinoprint/store'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { attemptDelivery } from './attempt-delivery.ts'
import { type CallbackHarness, openCallbackHarness } from './callback-harness.fixture.ts'
import { defaultRetryPlan } from './retry-delay.ts'

const HOUR_MS = 3_600_000
const callback = { silent: false, type: 'Url', format: 'JSON', url: 'http://127.0.0.1:1/' } as const

let harness: CallbackHarness
beforeAll(async () => {
  harness = await openCallbackHarness()
})
afterEach(() => void vi.useRealTimers())
afterAll(() => harness.close())

/** Freezes this process's clock at that offset from the database's. */
function shiftClock(byMs: number) {
  return vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs })
}

/** Creates a job whose callback has been due for a second. */
async function endedJob(): Promise<string> {
  const jobId = await harness.end(callback)
  await harness.db.pool.query(`update deliveries set next_at = next_at - interval '1 second'`)
  return jobId
}

/** Seconds until the callback is due, by the database's clock. */
async function dueInSeconds(jobId: string): Promise<number> {
  const { rows } = await harness.db.pool.query<{ seconds: number }>(
    `select extract(epoch from next_at - clock_timestamp())::float8 as seconds from deliveries where job_id = $1`,
    [jobId],
  )
  return rows[0]?.seconds ?? Number.NaN
}

test.each([
  ['behind', -HOUR_MS],
  ['ahead of', HOUR_MS],
])(
  'a failed callback is retried after its delay when the worker clock is an hour %s the database clock',
  { tags: ['worker-clock'] },
  async (_, byMs) => {
    const jobId = await endedJob()
    shiftClock(byMs)
    const [due] = await dueDeliveries(harness.db, { limit: 1, leaseMs: 60_000 })
    if (due === undefined) throw new Error('Nothing is due.')
    const aborted = AbortSignal.abort(new Error('no answer'))
    const context = {
      db: harness.db,
      log: { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() },
      retryPlan: { ...defaultRetryPlan, baseMs: 600_000 },
      broker: null,
      amqpNames: [],
      encryptionKey: Buffer.alloc(32),
      callbackSecrets: [],
      resultTag: 'both' as const,
      jsonWrapper: false,
      allow: createAllowList([]),
      resolve: undefined,
    }
    expect(await attemptDelivery(context, due, { signal: aborted })).toBe('retried')
    // Ten minutes, plus or minus 20 %.
    const seconds = await dueInSeconds(jobId)
    expect(seconds).toBeGreaterThan(300)
    expect(seconds).toBeLessThan(900)
    expect(await dueDeliveries(harness.db, { limit: 1, leaseMs: 60_000 })).toEqual([])
    await harness.db.pool.query('delete from deliveries')
  },
)

test('the attempt log uses the time of the database', async () => {
  const jobId = await endedJob()
  shiftClock(-HOUR_MS)
  const [due] = await dueDeliveries(harness.db, { limit: 1, leaseMs: 60_000 })
  await finishDelivery(harness.db, { deliveryId: due?.deliveryId ?? 0, attempt: 1, delivered: true })
  const { rows } = await harness.db.pool.query('select clock_timestamp() as now')
  const [delivery] = await listDeliveries(harness.db, jobId)
  const apartMs = Math.abs(Date.parse(delivery?.attemptLog[0]?.at ?? '') - rows[0].now.getTime())
  expect(apartMs).toBeLessThan(HOUR_MS / 2)
})
