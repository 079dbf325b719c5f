import { expect, test } from 'vitest'
import { recordingLog } from '../backends.fixture.ts'
import { inspectRedis } from './redis-backend.ts'
import { redisServer } from './redis-server.fixture.ts'

test('the inspection of Redis names the policy that drops jobs', async () => {
  const server = await redisServer(['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru'])
  await server.start()
  const warnings = await inspectRedis(server.url, { log: recordingLog(), connectTimeoutMs: 100_000 })
  await server.dispose()
  expect(warnings).toEqual([
    { severity: 'fault', message: expect.stringContaining('Set "maxmemory-policy noeviction".') },
  ])
})
