import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { jobIds, recordingLog, testBackends } from '../backends.fixture.ts'
import { type Consumer, consume, type Handler } from '../consume.ts'
import { type JobQueue, openQueue } from '../open-queue.ts'
import { REDIS_PREFIX } from '../queue-options.ts'

const WAIT = { timeout: 250_000, interval: 20 }

/** A queue on Redis with jobs that wait, a deferred one, and one that never ends. */
async function openFilledQueue() {
  const { options, env, close } = await testBackends[0].open()
  const log = recordingLog()
  const queue = await openQueue(options, { log, answerTimeoutMs: WAIT.timeout })
  const ids = jobIds(6)
  const [stuck = '', later = ''] = ids
  const handler: Handler = async (jobId) => {
    if (jobId === stuck) return new Promise(() => undefined)
    return { kind: 'later', delayMs: 1_000 }
  }
  const consumer = await consume(options, { concurrency: 1, log, handler })
  await queue.enqueue(later, 2)
  await expect.poll(() => queue.counts(), WAIT).toMatchObject({ delayed: 1 })
  await queue.enqueue(stuck, 2)
  await expect.poll(() => consumer.running(), WAIT).toContain(stuck)
  await queue.enqueueMany(ids.slice(2).map((jobId, index) => ({ jobId, jobLevel: index % 2 === 0 ? 0 : 1 })))
  return { options, log, queue, ids, name: env.QUEUE_NAME ?? '', stuckConsumer: consumer, close }
}

/** Starts a consumer that adds each job to `delivered`. */
async function startConsumer(filled: Awaited<ReturnType<typeof openFilledQueue>>) {
  const delivered = new Set<string>()
  const consumer: Consumer = await consume(filled.options, {
    concurrency: 1,
    log: filled.log,
    handler: async (jobId) => {
      delivered.add(jobId)
      return { kind: 'done' }
    },
  })
  return { delivered, consumer }
}

async function missingFrom(queue: JobQueue, ids: readonly string[]) {
  const held = await queue.has(ids)
  return ids.filter((jobId) => !held.has(jobId)).map((jobId) => ({ jobId, jobLevel: 0 as const }))
}

vi.setConfig({ testTimeout: 300_000 })
let redis: Redis
beforeAll(() => {
  redis = new Redis(process.env.TEST_REDIS_URL ?? '')
})
afterAll(() => redis.disconnect())

test.each([
  ['the order of waiting jobs', (key: string) => key.endsWith(':prioritized')],
  ['the deferred jobs', (key: string) => key.endsWith(':delayed')],
  ['the running jobs', (key: string) => key.endsWith(':active')],
  ['the jobs themselves', (key: string) => /:j[0-9a-f]{32}$/.test(key)],
  ['the locks', (key: string) => key.endsWith(':lock')],
  ['the mark that wakes workers', (key: string) => key.endsWith(':marker')],
  ['the settings of the queue', (key: string) => key.endsWith(':meta')],
  ['the counter of arrivals', (key: string) => key.endsWith(':pc')],
  ['everything', () => true],
])('every job is delivered after Redis has evicted %s', { tags: ['lost-entries'] }, async (_, isEvicted) => {
  const filled = await openFilledQueue()
  const keys = await redis.keys(`${REDIS_PREFIX}:${filled.name}:*`)
  const evicted = keys.filter(isEvicted)
  if (evicted.length > 0) await redis.del(...evicted)
  await filled.queue.restore(await missingFrom(filled.queue, filled.ids))
  expect(await missingFrom(filled.queue, filled.ids)).toEqual([])
  await filled.stuckConsumer.close({ timeoutMs: 0 })
  const { delivered, consumer } = await startConsumer(filled)
  await expect.poll(() => filled.ids.filter((id) => !delivered.has(id)), WAIT).toEqual([])
  await consumer.close({ timeoutMs: 2_000 })
  await filled.queue.close()
  await filled.close()
})

test('restoring no jobs leaves those that the queue holds unchanged', async () => {
  const filled = await openFilledQueue()
  expect(await missingFrom(filled.queue, filled.ids)).toEqual([])
  const before = await filled.queue.counts()
  await filled.queue.restore([])
  expect(await filled.queue.counts()).toEqual(before)
  await filled.stuckConsumer.close({ timeoutMs: 0 })
  await filled.queue.close()
  await filled.close()
})
