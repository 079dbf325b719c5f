import { createPostgresBackend } from 'bullmq'
import type { Pool } from 'pg'
import type { Backend } from './backend.ts'
import { forgetInPostgres, heldInPostgres } from './held-jobs.ts'
import { migrateQueue } from './migrate-queue.ts'
import { assertNothingShadowsTheQueue, queuePool } from './queue-pool.ts'

/**
 * The longest that an idle worker waits for a NOTIFY before it looks by itself, in seconds. BullMQ's own hour
 * trusts that a notification is never lost.
 */
const LONGEST_WAIT_SECONDS = 5

/** BullMQ's PostgreSQL backend over the caller's pool, its schema brought up to date first. */
export async function openPostgresBackend(pool: Pool): Promise<Backend> {
  await migrateQueue(pool)
  const ours = queuePool(pool)
  await assertNothingShadowsTheQueue(ours)
  return {
    kind: 'postgres',
    factory: (name, options, factoryOptions) => {
      const backend = createPostgresBackend(name, { ...options, connection: ours }, factoryOptions)
      Object.defineProperty(backend, 'maximumBlockTimeout', { value: LONGEST_WAIT_SECONDS })
      return backend
    },
    findHeld: heldInPostgres(pool),
    forget: forgetInPostgres(pool),
    warnings: async () => [],
    ping: async () => {
      await pool.query('select 1')
    },
    isAway: () => false,
    close: async () => ours.close(),
  }
}
