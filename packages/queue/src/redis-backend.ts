import { setTimeout as delay } from 'node:timers/promises'
import { Fault, type Log } from '@kinoprint/core'
import { createRedisBackend } from 'bullmq'
import { Redis } from 'ioredis'
import type { Backend, BackendRole } from './backend.ts'
import { forgetInRedis, heldInRedis } from './held-jobs.ts'
import { ANSWER_LIMIT_MS } from './queue-options.ts'
import { quietLog } from './quiet-log.ts'
import { checkRedisServer } from './redis-server.ts'

const CONNECT_LIMIT_MS = 10_000
const CONNECT_ATTEMPT_MS = 2_000
const RETRY_CEILING_MS = 1_000
const KEEP_ALIVE_MS = 10_000
const CLOSE_LIMIT_MS = 1_000
/**
 * Commands of a producer are dropped after so many reconnects: what a request waits for must not pile up in
 * memory while Redis is away, since the reconciler enqueues again.
 */
const PRODUCER_RETRIES = 3

/**
 * Connects to Redis, checks that the server fits, and says what is unsafe about its settings.
 * Fault ServiceUnavailable when it cannot be reached, InvalidSettings when it is too old.
 */
export async function openRedisBackend(
  redisUrl: string,
  { role, log, connectLimitMs = CONNECT_LIMIT_MS }: { role: BackendRole; log: Log; connectLimitMs?: number },
): Promise<Backend> {
  const client = connect(redisUrl, role)
  const say = quietLog(log)
  client.on('error', (error: Error) => say.warn({ error: error.message }, 'Redis connection'))
  let awaySince: number | null = null
  client.on('close', () => {
    awaySince ??= performance.now()
  })
  client.on('ready', () => {
    awaySince = null
  })
  try {
    await untilReady(client, { redisUrl, connectLimitMs })
    for (const { message } of checkRedisServer(await client.info())) log.warn({}, message)
  } catch (error) {
    client.disconnect()
    throw error
  }
  return {
    kind: 'redis',
    factory: (name, options, factoryOptions) =>
      createRedisBackend(name, { ...options, connection: client }, factoryOptions),
    findHeld: heldInRedis(client),
    forget: forgetInRedis(client),
    warnings: async () => checkRedisServer(await client.info()),
    ping: async () => {
      await client.ping()
    },
    isAway: () => awaySince !== null && performance.now() - awaySince > ANSWER_LIMIT_MS,
    close: () => closeClient(client),
  }
}

function connect(redisUrl: string, role: BackendRole): Redis {
  return new Redis(redisUrl, {
    maxRetriesPerRequest: role === 'worker' ? null : PRODUCER_RETRIES,
    connectTimeout: CONNECT_ATTEMPT_MS,
    keepAlive: KEEP_ALIVE_MS,
    retryStrategy: (times) => Math.min(times * 100, RETRY_CEILING_MS),
    connectionName: `kinoprint-${role}`,
  })
}

async function untilReady(
  client: Redis,
  { redisUrl, connectLimitMs }: { redisUrl: string; connectLimitMs: number },
): Promise<void> {
  let lastError: Error | undefined
  const note = (error: Error) => {
    lastError = error
  }
  client.on('error', note)
  const until = performance.now() + connectLimitMs
  while (client.status !== 'ready') {
    if (performance.now() > until) {
      throw new Fault(
        'ServiceUnavailable',
        `Redis at ${hostOf(redisUrl)} (REDIS_URL) cannot be reached: ${lastError?.message.replace(/\.$/, '') ?? 'no answer'}.`,
        { cause: lastError },
      )
    }
    await delay(20)
  }
  client.off('error', note)
}

/** The address without its password. */
function hostOf(redisUrl: string): string {
  return URL.canParse(redisUrl) ? new URL(redisUrl).host : 'an unreadable address'
}

async function closeClient(client: Redis): Promise<void> {
  if (client.status === 'ready') {
    await Promise.race([
      client.quit().catch(() => undefined),
      delay(CLOSE_LIMIT_MS, undefined, { ref: false }),
    ])
  }
  client.disconnect()
}
