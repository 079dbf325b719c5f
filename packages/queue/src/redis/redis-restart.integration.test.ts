import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobIds, recordingLog } from '../backends.fixture.ts'
import { consume } from '../consume.ts'
import { openQueue } from '../open-queue.ts'
import { openRedisBackend } from './redis-backend.ts'
import { freePort, type RedisServer, redisServer } from './redis-server.fixture.ts'

const WAIT = { timeout: 250_000, interval: 50 }

describe('the job queue while Redis is unavailable and restarts', () => {
  let redis: RedisServer
  const log = recordingLog()

  beforeAll(async () => {
    redis = await redisServer()
    await redis.start()
  })
  afterAll(() => redis.dispose())

  test('enqueueing fails within two seconds while Redis is unavailable, and works again after that', async () => {
    const queue = await openQueue({ redisUrl: redis.url }, { log })
    const taken: string[] = []
    const consumer = await consume(
      { redisUrl: redis.url },
      {
        concurrency: 1,
        log,
        handler: async (jobId) => {
          taken.push(jobId)
          return { kind: 'done' }
        },
      },
    )
    const [before = '', during = '', after = ''] = jobIds(3)
    await queue.enqueue(before, 0)
    await expect.poll(() => taken, WAIT).toEqual([before])

    await redis.kill()
    const refusals = [queue.enqueue(during, 0), queue.ping(), queue.has([before])]
    for (const result of await Promise.allSettled(refusals)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ServiceUnavailable' } })
    }

    await redis.start()
    await expect
      .poll(
        () =>
          queue.ping().then(
            () => 'up',
            () => 'down',
          ),
        WAIT,
      )
      .toBe('up')
    await queue.enqueue(after, 0)
    await expect.poll(() => taken, WAIT).toContain(after)
    await consumer.close({ timeoutMs: 2_000 })
    await queue.close()
  })

  test('once Redis has been unavailable for a while, callers fail without waiting two seconds', async () => {
    const queue = await openQueue({ redisUrl: redis.url }, { log })
    await redis.kill()
    await expect(queue.ping()).rejects.toMatchObject({ code: 'ServiceUnavailable' })
    await expect
      .poll(() => queue.ping().catch(({ message }: Error) => message), WAIT)
      .toContain('the server has not responded for a while')
    await queue.close()
    await redis.start()
  })

  test('jobs survive a restart of Redis in its append-only file', async () => {
    const queue = await openQueue({ redisUrl: redis.url, name: 'survivors' }, { log })
    const ids = jobIds(20)
    await queue.enqueueMany(ids.map((jobId) => ({ jobId, jobLevel: 1 })))
    await redis.kill()
    await redis.start()
    await expect.poll(() => queue.has(ids).catch(() => null), WAIT).toEqual(new Set(ids))
    await queue.close()
  })

  test('has() finds nothing after Redis was emptied, and the jobs can be added again', async () => {
    const queue = await openQueue(
      { redisUrl: redis.url, name: 'emptied' },
      { log, answerTimeoutMs: WAIT.timeout },
    )
    const ids = jobIds(5)
    const jobs = ids.map((jobId) => ({ jobId, jobLevel: 0 }) as const)
    await queue.enqueueMany(jobs)
    const admin = new Redis(redis.url)
    await admin.flushall()
    await admin.quit()
    expect(await queue.has(ids)).toEqual(new Set())
    await queue.enqueueMany(jobs)
    expect(await queue.has(ids)).toEqual(new Set(ids))
    await queue.close()
  })

  test('a Redis that keeps its connections but does not respond times out after two seconds, and is used again later', async () => {
    const queue = await openQueue({ redisUrl: redis.url, name: 'frozen' }, { log })
    const [jobId = ''] = jobIds(1)
    redis.freeze()
    await expect(queue.enqueue(jobId, 0)).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      message: expect.stringContaining('no response within 2 s'),
    })
    redis.thaw()
    // The command was sent, so the job may have been added. Adding it again has no effect.
    await expect.poll(() => queue.enqueue(jobId, 0).then(() => 'added', String), WAIT).toBe('added')
    expect(await queue.counts()).toEqual({ waiting: 1, active: 0, delayed: 0 })
    await queue.close()
  })

  test('a worker closes in time although Redis is unavailable', async () => {
    const consumer = await consume(
      { redisUrl: redis.url, name: 'stopped' },
      { concurrency: 1, log, handler: async () => ({ kind: 'done' }) },
    )
    await redis.kill()
    // Without its timeout it would wait for Redis.
    await expect(consumer.close({ timeoutMs: 500 })).resolves.toBeUndefined()
    await redis.start()
  })

  test('the error about an address without a Redis contains the address, but not the password', async () => {
    const port = await freePort()
    const opening = openRedisBackend(`redis://:secret@127.0.0.1:${port}`, {
      role: 'producer',
      log,
      connectTimeoutMs: 200,
    })
    await expect(opening).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    })
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('secret') })
  })
})

test('settings of Redis that can lose jobs are logged when the queue is opened', async () => {
  const redis = await redisServer(['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru'])
  await redis.start()
  const log = recordingLog()
  const queue = await openQueue({ redisUrl: redis.url }, { log })
  const warnings = log.lines.map(({ message }) => message).join('\n')
  expect(warnings).toContain('appendonly yes')
  expect(warnings).toContain('maxmemory-policy noeviction')
  const faults = async () => (await queue.warnings()).filter(({ severity }) => severity === 'fault')
  expect(await faults()).toMatchObject([{ message: expect.stringContaining('allkeys-lru') }])
  // A change of the settings shows without a restart.
  const admin = new Redis(redis.url)
  await admin.config('SET', 'maxmemory-policy', 'noeviction')
  expect(await faults()).toEqual([])
  admin.disconnect()
  await queue.close()
  await redis.dispose()
})
