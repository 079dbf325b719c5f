import { setTimeout as delay } from 'node:timers/promises'
import { createThrottledWarnings, errorText, Fault, inSpan, isTracing, type Log } from '@kinoprint/core'
import { createRedisBackend } from 'bullmq'
import { Redis } from 'ioredis'
import type { Backend, BackendRole } from '../backend.ts'
import { ANSWER_TIMEOUT_MS } from '../queue-options.ts'
import { checkServer, type QueueWarning } from './check-server.ts'
import { deleteJobs, findJobs } from './redis-jobs.ts'

const CONNECT_TIMEOUT_MS = 10_000
const CONNECT_ATTEMPT_TIMEOUT_MS = 2_000
const LONGEST_RETRY_PAUSE_MS = 1_000
const KEEP_ALIVE_MS = 10_000
const CLOSE_TIMEOUT_MS = 1_000
/**
 * After this many reconnects a producer's commands fail, so that they do not accumulate in memory while Redis is
 * unavailable. The reconciler enqueues those jobs later.
 */
const PRODUCER_RETRIES = 3

/**
 * Connects to Redis, checks its version and logs its settings that can lose jobs. Throws Fault ServiceUnavailable if
 * Redis cannot be reached within 10 s, and InvalidSettings if it is too old.
 */
export async function openRedisBackend(
  redisUrl: string,
  {
    role,
    log,
    connectTimeoutMs = CONNECT_TIMEOUT_MS,
  }: { role: BackendRole; log: Log; connectTimeoutMs?: number },
): Promise<Backend> {
  const client = connect(redisUrl, role)
  if (isTracing()) traceCommands(client)
  const warnings = createThrottledWarnings(log)
  client.on('error', (error: Error) => warnings.warn(error, 'Redis connection failed'))
  let closedSinceMs: number | null = null
  client.on('close', () => {
    closedSinceMs ??= performance.now()
  })
  client.on('ready', () => {
    closedSinceMs = null
  })
  try {
    await untilReady(client, { redisUrl, connectTimeoutMs })
    for (const { message } of checkServer(await client.info())) log.warn({}, message)
  } catch (error) {
    client.disconnect()
    throw error
  }
  return {
    kind: 'redis',
    factory: (name, options, factoryOptions) =>
      createRedisBackend(name, { ...options, connection: client }, factoryOptions),
    findJobs: (queueName, jobIds) => findJobs(client, { queueName, jobIds }),
    deleteJobs: (queueName, jobIds) => deleteJobs(client, { queueName, jobIds }),
    warnings: async () => checkServer(await client.info()),
    ping: async () => {
      await client.ping()
    },
    isUnavailable: () => closedSinceMs !== null && performance.now() - closedSinceMs > ANSWER_TIMEOUT_MS,
    close: () => closeClient(client),
  }
}

/**
 * Connects to Redis for its settings that can lose jobs, and disconnects. Writes nothing. Throws like openRedisBackend.
 */
export async function inspectRedis(
  redisUrl: string,
  { log, connectTimeoutMs }: { log: Log; connectTimeoutMs: number },
): Promise<readonly QueueWarning[]> {
  const backend = await openRedisBackend(redisUrl, { role: 'producer', log, connectTimeoutMs })
  try {
    return await backend.warnings()
  } finally {
    await backend.close()
  }
}

function connect(redisUrl: string, role: BackendRole): Redis {
  return new Redis(redisUrl, {
    maxRetriesPerRequest: role === 'worker' ? null : PRODUCER_RETRIES,
    connectTimeout: CONNECT_ATTEMPT_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    retryStrategy: (attempt) => Math.min(attempt * 100, LONGEST_RETRY_PAUSE_MS),
    connectionName: `kinoprint-${role}`,
  })
}

/** Makes the commands of a client spans of the trace in progress, with their names but not their values. */
function traceCommands(client: Redis): void {
  const send = client.sendCommand.bind(client)
  client.sendCommand = (command, stream) => {
    const name = command.name.toUpperCase()
    const attributes = { 'db.system.name': 'redis', 'db.operation.name': name }
    const start = { name: `Redis ${name}`, kind: 'client', needsParent: true, attributes } as const
    return inSpan(start, async () => send(command, stream))
  }
}

async function untilReady(
  client: Redis,
  { redisUrl, connectTimeoutMs }: { redisUrl: string; connectTimeoutMs: number },
): Promise<void> {
  let lastError: Error | undefined
  const keep = (error: Error) => {
    lastError = error
  }
  client.on('error', keep)
  const deadlineMs = performance.now() + connectTimeoutMs
  while (client.status !== 'ready') {
    if (performance.now() > deadlineMs) {
      const reason = lastError === undefined ? 'no answer' : errorText(lastError).replace(/\.$/, '')
      throw new Fault(
        'ServiceUnavailable',
        `Redis at ${hostOf(redisUrl)} (REDIS_URL) cannot be reached: ${reason}. Start it, or correct the address.`,
        { cause: lastError },
      )
    }
    await delay(20)
  }
  client.off('error', keep)
}

/** The address without its password. */
function hostOf(redisUrl: string): string {
  return URL.canParse(redisUrl) ? new URL(redisUrl).host : 'an invalid address'
}

async function closeClient(client: Redis): Promise<void> {
  if (client.status === 'ready') {
    await Promise.race([
      client.quit().catch(() => undefined),
      delay(CLOSE_TIMEOUT_MS, undefined, { ref: false }),
    ])
  }
  client.disconnect()
}
