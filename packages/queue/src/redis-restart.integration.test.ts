import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jobIds, listeningLog } from './backends.fixture.ts'
import { consume } from './consume.ts'
import { openQueue } from './open-queue.ts'
import { openRedisBackend } from './redis-backend.ts'
import { freePort, type RedisServer, redisServer } from './redis-server.fixture.ts'

const WAIT = { timeout: 250_000, interval: 50 }

describe('the job queue while Redis comes and goes', () => {
  let redis: RedisServer
  const log = listeningLog()

  beforeAll(async () => {
    redis = await redisServer()
    await redis.start()
  })
  afterAll(() => redis.dispose())

  test('enqueueing fails clearly within two seconds while it is away, and works again after', async () => {
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

  test('once it has been away for long, nobody waits the two seconds any more', async () => {
    const queue = await openQueue({ redisUrl: redis.url }, { log })
    await redis.kill()
    await expect(queue.ping()).rejects.toMatchObject({ code: 'ServiceUnavailable' })
    await expect
      .poll(() => queue.ping().catch(({ message }: Error) => message), WAIT)
      .toContain('it has not answered for a while')
    await queue.close()
    await redis.start()
  })

  test('jobs survive its restart, because they are in its append-only file', async () => {
    const queue = await openQueue({ redisUrl: redis.url, name: 'survivors' }, { log })
    const ids = jobIds(20)
    await queue.enqueueMany(ids.map((jobId) => ({ jobId, jobLevel: 1 })))
    await redis.kill()
    await redis.start()
    await expect.poll(() => queue.has(ids).catch(() => null), WAIT).toEqual(new Set(ids))
    await queue.close()
  })

  test('has() says what is gone once it was emptied, and the jobs can be added again', async () => {
    const queue = await openQueue({ redisUrl: redis.url, name: 'emptied' }, { log })
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

  test('a Redis that keeps the connection but answers nothing is given up after two seconds, and used again after', async () => {
    const queue = await openQueue({ redisUrl: redis.url, name: 'frozen' }, { log })
    const [jobId = ''] = jobIds(1)
    redis.freeze()
    await expect(queue.enqueue(jobId, 0)).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      message: expect.stringContaining('No answer within 2000 ms'),
    })
    redis.thaw()
    // The command was on its way: what was refused may still have been taken, and adding it again does no harm.
    await expect.poll(() => queue.enqueue(jobId, 0).then(() => 'added', String), WAIT).toBe('added')
    expect(await queue.counts()).toEqual({ waiting: 1, active: 0, delayed: 0 })
    await queue.close()
  })

  test('a worker lets go in time although it is away', async () => {
    const consumer = await consume(
      { redisUrl: redis.url, name: 'stopped' },
      { concurrency: 1, log, handler: async () => ({ kind: 'done' }) },
    )
    await redis.kill()
    // It would wait for Redis without end.
    await consumer.close({ timeoutMs: 500 })
    await redis.start()
  })

  test('an address without a Redis is named, but not its password', async () => {
    const port = await freePort()
    const opening = openRedisBackend(`redis://:secret@127.0.0.1:${port}`, {
      role: 'producer',
      log,
      connectLimitMs: 200,
    })
    await expect(opening).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    })
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('secret') })
  })
})

test('a Redis that may lose jobs is reported when the queue is opened', async () => {
  const redis = await redisServer(['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru'])
  await redis.start()
  const log = listeningLog()
  const queue = await openQueue({ redisUrl: redis.url }, { log })
  const warnings = log.said.map(({ message }) => message).join('\n')
  expect(warnings).toContain('appendonly yes')
  expect(warnings).toContain('maxmemory-policy noeviction')
  const faults = async () => (await queue.warnings()).filter(({ severity }) => severity === 'fault')
  expect(await faults()).toMatchObject([{ message: expect.stringContaining('allkeys-lru') }])
  // An operator's change shows without a restart.
  const admin = new Redis(redis.url)
  await admin.config('SET', 'maxmemory-policy', 'noeviction')
  expect(await faults()).toEqual([])
  admin.disconnect()
  await queue.close()
  await redis.dispose()
})
