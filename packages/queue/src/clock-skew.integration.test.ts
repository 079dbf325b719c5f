import { afterEach, expect, test, vi } from 'vitest'
import { jobIds, recordingLog, testBackends } from './backends.fixture.ts'
import { consume, type Handler } from './consume.ts'
import { openQueue } from './open-queue.ts'

vi.setConfig({ testTimeout: 300_000 })
const WAIT = { timeout: 250_000, interval: 20 }
const HOUR_MS = 3_600_000

afterEach(() => void vi.restoreAllMocks())

/** Shifts the clock of this process. */
function shiftClock(byMs: number): void {
  const now = Date.now.bind(Date)
  vi.spyOn(Date, 'now').mockImplementation(() => now() + byMs)
}

const cases = testBackends.flatMap((backend) =>
  [HOUR_MS, -HOUR_MS].map((byMs) => ({ ...backend, byMs, how: byMs > 0 ? 'ahead' : 'behind' })),
)

/**
 * Lets a worker with a wrong clock take a job. `takeAfterRestore` kills it and starts a worker with a correct clock.
 */
async function startSkewedWorker({ open, byMs }: (typeof cases)[number], handler: Handler) {
  const backend = await open()
  const log = recordingLog()
  const queue = await openQueue(backend.options, { log, answerTimeoutMs: WAIT.timeout })
  const [jobId = ''] = jobIds(1)
  shiftClock(byMs)
  const wrong = await consume(backend.options, { concurrency: 1, log, handler })
  await queue.enqueue(jobId, 0)
  return {
    ...{ backend, log, queue, jobId, wrong },
    takeAfterRestore: async (): Promise<string[]> => {
      await wrong.close({ timeoutMs: 0 })
      vi.restoreAllMocks()
      const taken: string[] = []
      const take: Handler = async (id) => {
        taken.push(id)
        return { kind: 'done' }
      }
      const right = await consume(backend.options, { concurrency: 1, log, handler: take })
      // What the reconciler does in each round for a waiting job.
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
  'a job deferred by a worker whose clock is an hour $how is delivered soon, on $server',
  { tags: ['worker-clock'] },
  async (skewed) => {
    const handler: Handler = async () => ({ kind: 'later', delayMs: 1_000 })
    const { queue, jobId, takeAfterRestore } = await startSkewedWorker(skewed, handler)
    await expect.poll(async () => (await queue.counts()).delayed, WAIT).toBe(1)
    expect(await takeAfterRestore()).toContain(jobId)
  },
)

test.each(cases)(
  'a job of a killed worker whose clock was an hour $how is delivered soon, on $server',
  { tags: ['worker-clock'] },
  async (skewed) => {
    const { wrong, jobId, takeAfterRestore } = await startSkewedWorker(
      skewed,
      () => new Promise(() => undefined),
    )
    await expect.poll(() => wrong.running(), WAIT).toEqual([jobId])
    expect(await takeAfterRestore()).toContain(jobId)
  },
)
