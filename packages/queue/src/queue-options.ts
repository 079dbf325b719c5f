import type { JobLevel } from '@kinoprint/core'
import type { Pool } from 'pg'

/** Where the queue is kept, and under which name. */
export type QueueOptions = (
  | { readonly redisUrl: string }
  | { readonly pool: Pool; readonly postgres: true }
) & {
  /** Queues of different names do not see each other's jobs. Default `jobs`. */
  readonly name?: string
}

/** How long a request may wait for the queue. The job's row is safe by then, so the answer need not wait longer. */
export const ANSWER_LIMIT_MS = 2_000

export const DEFAULT_QUEUE_NAME = 'jobs'

/** Namespace of our keys in a Redis that others may use too; PostgreSQL has its schema for that. */
export const REDIS_PREFIX = 'kinoprint'

/**
 * BullMQ's priority of a level: 1 is the highest. Never 0 and never absent, because BullMQ runs jobs without a
 * priority before all that have one.
 */
export const priorityOf = (level: JobLevel): 1 | 2 | 3 => (level === 2 ? 1 : level === 1 ? 2 : 3)
