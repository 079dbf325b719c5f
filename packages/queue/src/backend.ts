import { errorText, Fault, type Log } from '@kinoprint/core'
import type { BackendFactory, IQueueBackend } from 'bullmq'
import { openPostgresBackend } from './postgres/postgres-backend.ts'
import type { QueueOptions } from './queue-options.ts'
import type { QueueWarning } from './redis/check-server.ts'
import { openRedisBackend } from './redis/redis-backend.ts'

/** The server that BullMQ runs on: Redis or PostgreSQL. */
export type Backend = {
  readonly kind: 'redis' | 'postgres'
  /** Creates BullMQ's own backend over the open connection. */
  readonly factory: BackendFactory<IQueueBackend, object>
  /** Returns those of the given ids that the queue holds and will deliver soon, or has delivered to a worker. */
  findJobs(queueName: string, jobIds: readonly string[]): Promise<string[]>
  /** Deletes everything that the queue holds of these jobs, in any state. */
  deleteJobs(queueName: string, jobIds: readonly string[]): Promise<void>
  /** Returns the server's current settings that can lose jobs. */
  warnings(): Promise<readonly QueueWarning[]>
  ping(): Promise<void>
  /** True while the server is known to be unavailable, so that callers fail without waiting. */
  isUnavailable(): boolean
  /** Closes the connections that this package opened. The caller's pool stays open. */
  close(): Promise<void>
}

/** A worker waits until Redis is available again. A producer gives up soon. */
export type BackendRole = 'producer' | 'worker'

/** Opens the backend on the configured server. Throws Fault ServiceUnavailable if it cannot be reached. */
export async function openBackend(
  options: QueueOptions,
  { role, log }: { role: BackendRole; log: Log },
): Promise<Backend> {
  if ('redisUrl' in options) return openRedisBackend(options.redisUrl, { role, log })
  return openPostgresBackend(options.pool)
}

type QueueCall<T> = {
  /** The words after "could not" in the message, e.g. `add the job`. */
  readonly action: string
  readonly timeoutMs: number
  readonly run: () => Promise<T>
}

/** Runs one operation on the queue. Every failure, including a timeout, becomes Fault ServiceUnavailable. */
export async function callQueue<T>(backend: Backend, { action, timeoutMs, run }: QueueCall<T>): Promise<T> {
  if (backend.isUnavailable()) throw unavailable(backend, action, 'the server has not responded for a while')
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no response within ${timeoutMs / 1000} s`)), timeoutMs)
  })
  const running = run()
  // The operation may still fail after a timeout, and an unhandled rejection would end the process.
  running.catch(() => undefined)
  try {
    return await Promise.race([running, timeout])
  } catch (cause) {
    throw unavailable(backend, action, cause)
  } finally {
    clearTimeout(timer)
  }
}

function unavailable(backend: Backend, action: string, cause: unknown): Fault {
  const server = backend.kind === 'redis' ? 'Redis, REDIS_URL' : 'the database'
  const reason = errorText(cause).replace(/\.$/, '')
  return new Fault('ServiceUnavailable', `The job queue (${server}) could not ${action}: ${reason}.`, {
    cause,
  })
}
