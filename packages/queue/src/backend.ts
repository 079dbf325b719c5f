import { Fault, type Log } from '@kinoprint/core'
import type { BackendFactory, IQueueBackend } from 'bullmq'
import type { FindHeld, Forget } from './held-jobs.ts'
import { openPostgresBackend } from './postgres-backend.ts'
import { ANSWER_LIMIT_MS, type QueueOptions } from './queue-options.ts'
import { openRedisBackend } from './redis-backend.ts'
import type { QueueWarning } from './redis-server.ts'

/** What BullMQ runs on: the same few things for Redis and for PostgreSQL. */
export type Backend = {
  readonly kind: 'redis' | 'postgres'
  /** Makes BullMQ's own backend over the connection that is already open. */
  readonly factory: BackendFactory<IQueueBackend, object>
  readonly findHeld: FindHeld
  readonly forget: Forget
  /** Settings of the server, as they are now, that can lose jobs. */
  warnings(): Promise<readonly QueueWarning[]>
  ping(): Promise<void>
  /** True while the server is known to be away, so that callers need not wait to find out. */
  isAway(): boolean
  /** Ends the connections that this package opened; the pool of the caller stays open. */
  close(): Promise<void>
}

/** Used by a worker, a client waits for ever for Redis to come back; a producer gives up soon. */
export type BackendRole = 'producer' | 'worker'

export async function openBackend(
  options: QueueOptions,
  { role, log }: { role: BackendRole; log: Log },
): Promise<Backend> {
  if ('redisUrl' in options) return openRedisBackend(options.redisUrl, { role, log })
  return openPostgresBackend(options.pool)
}

/**
 * Runs one operation on the queue and turns every failure, silence included, into one retryable fault.
 */
export async function answered<T>(backend: Backend, what: string, work: () => Promise<T>): Promise<T> {
  if (backend.isAway()) throw unavailable(backend, what)
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ANSWER_LIMIT_MS} ms.`)), ANSWER_LIMIT_MS)
  })
  const working = work()
  // The loser of the race may still fail later, with nobody listening.
  working.catch(() => undefined)
  try {
    return await Promise.race([working, limit])
  } catch (cause) {
    throw unavailable(backend, what, cause)
  } finally {
    clearTimeout(timer)
  }
}

function unavailable(backend: Backend, what: string, cause?: unknown): Fault {
  const server = backend.kind === 'redis' ? 'Redis, REDIS_URL' : 'the database'
  const reason = cause instanceof Error && cause.message ? cause.message : 'it has not answered for a while'
  return new Fault('ServiceUnavailable', `The job queue (in ${server}) cannot ${what}: ${reason}`, { cause })
}
