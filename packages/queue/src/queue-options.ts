import type { JobLevel } from '@kinoprint/core'
import type { Pool } from 'pg'

/** Where the queue is kept: in Redis, or in the PostgreSQL database of a pool. */
export type QueueOptions = (
  | { readonly redisUrl: string }
  | { readonly pool: Pool; readonly postgres: true }
) & {
  /** Queues with different names do not see each other's jobs. Default: `jobs`. */
  readonly name?: string
}

export const DEFAULT_QUEUE_NAME = 'jobs'

/** Prefix of Kinoprint's keys in Redis. In PostgreSQL, BullMQ has its own schema. */
export const REDIS_PREFIX = 'kinoprint'

/** How long a caller waits for the queue. The job's row is committed by then, so a request need not wait longer. */
export const ANSWER_TIMEOUT_MS = 2_000

/**
 * How far a job's due time, or the expiry of its lock, may be from the server's clock. Both are at most seconds ahead,
 * so a larger distance comes from a worker whose clock is wrong, and no other worker would deliver the job in time.
 */
export const CLOCK_TOLERANCE_MS = 30_000

/**
 * BullMQ's priority for a level; 1 is the highest. Never 0 or absent, because BullMQ runs jobs without a priority
 * before all others.
 */
export function priorityOf(level: JobLevel): 1 | 2 | 3 {
  if (level === 2) return 1
  return level === 1 ? 2 : 3
}
