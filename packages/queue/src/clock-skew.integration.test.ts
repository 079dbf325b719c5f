import { afterEach, expect, test, vi } from 'vitest'
import { jobIds, listeningLog, testBackends } from './backends.fixture.ts'
import { consume, type Handler } from './consume.ts'
import { openQueue } from './open-queue.ts'

vi.setConfig({ testTimeout: 300_000 })
const WAIT = { timeout: 250_000, interval: 20 }
const HOUR_MS = 3_600_000

afterEach(() => void vi.restoreAllMocks())

/** From now on this process's clock is wrong by so much. */
const shiftClock = (byMs: number): void => {
  const right = Date.now.bind(Date)
  vi.spyOn(Date, 'now').mockImplementation(() => right() + byMs)
}

const cases = testBackends.flatMap((backend) =>
  [HOUR_MS, -HOUR_MS].map((byMs) => ({ ...backend, byMs, how: byMs > 0 ? 'ahead' : 'behind' })),
)

/** What a worker whose clock was wrong left behind when it was killed, and what one with a right clock gets. */
const takenAfter = async ({ open, byMs }: (typeof cases)[number], handler: Handler) => {
  const backend = await open()
  const log = listeningLog()
  const queue = await openQueue(backend.options, { log })
  const [jobId = ''] = jobIds(1)
  shiftClock(byMs)
  const wrong = await consume(backend.options, { concurrency: 1, log, handler })
  await queue.enqueue(jobId, 0)
  return {
    ...{ backend, log, queue, jobId, wrong },
    restoredIsTaken: async (): Promise<string[]> => {
      await wrong.close({ timeoutMs: 0 })
      vi.restoreAllMocks()
      const taken: string[] = []
      const take: Handler = async (id) => {
        taken.push(id)
        return { kind: 'done' }
      }
      const right = await consume(backend.options, { concurrency: 1, log, handler: take })
      // As the reconciler does each round, for a job whose row says that it waits.
      const round = async (): Promise<number> => {
        const held = await queue.has([jobId])
        if (!held.has(jobId) && taken.length === 0) await queue.restore([{ jobId, jobLevel: 0 }])
        return taken.length
      }
      await expect.poll(round, WAIT).toBeGreaterThan(0)
      await right.close({ timeoutMs: 2_000 })
      await queue.close()
      await backend.close()
      return taken
    },
  }
}

test.each(cases)(
  'a job put off by a worker whose clock is an hour $how is delivered soon, on $server',
  { tags: ['worker-clock'] },
  async (skewed) => {
    const handler: Handler = async () => ({ kind: 'later', delayMs: 1_000 })
    const { queue, jobId, restoredIsTaken } = await takenAfter(skewed, handler)
    await expect.poll(async () => (await queue.counts()).delayed, WAIT).toBe(1)
    expect(await restoredIsTaken()).toContain(jobId)
  },
)

test.each(cases)(
  'a job that a killed worker held whose clock was an hour $how is delivered soon, on $server',
  { tags: ['worker-clock'] },
  async (skewed) => {
    const { wrong, jobId, restoredIsTaken } = await takenAfter(skewed, () => new Promise(() => undefined))
    await expect.poll(() => wrong.running(), WAIT).toEqual([jobId])
    expect(await restoredIsTaken()).toContain(jobId)
  },
)
