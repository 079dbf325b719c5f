import { createPostgresBackend, DEFAULT_SCHEMA } from 'bullmq'
import type { Pool } from 'pg'
import type { Backend } from '../backend.ts'
import { CLOCK_TOLERANCE_MS } from '../queue-options.ts'
import { migrateQueue } from './migrate-queue.ts'
import { queuePool, requireVisibleSchema } from './queue-pool.ts'

/**
 * The longest time, in seconds, that an idle worker waits for a NOTIFY before it polls. BullMQ's default of an hour
 * assumes that notifications are never lost.
 */
const LONGEST_WAIT_SECONDS = 5

/** Opens BullMQ's PostgreSQL backend over the caller's pool. Migrates its schema first. */
export async function openPostgresBackend(pool: Pool): Promise<Backend> {
  await migrateQueue(pool)
  const bullPool = queuePool(pool)
  await requireVisibleSchema(bullPool)
  return {
    kind: 'postgres',
    factory: (name, options, factoryOptions) => {
      const backend = createPostgresBackend(name, { ...options, connection: bullPool }, factoryOptions)
      // BullMQ has no option for it.
      Object.defineProperty(backend, 'maximumBlockTimeout', { value: LONGEST_WAIT_SECONDS })
      return backend
    },
    findJobs: (queueName, jobIds) => findJobs(pool, { queueName, jobIds }),
    deleteJobs: (queueName, jobIds) => deleteJobs(pool, { queueName, jobIds }),
    warnings: async () => [],
    ping: async () => {
      await pool.query('select 1')
    },
    isUnavailable: () => false,
    close: async () => bullPool.close(),
  }
}

type Jobs = { readonly queueName: string; readonly jobIds: readonly string[] }

/**
 * BullMQ writes due times and lock expiry times by its workers' clocks. They are compared with the server's own clock.
 */
const IS_DELIVERED_SOON = `(state = 'waiting' or case state
    when 'delayed' then abs(process_at_ms - extract(epoch from clock_timestamp()) * 1000) <= ${CLOCK_TOLERANCE_MS}
    when 'active' then abs(locked_until_ms - extract(epoch from clock_timestamp()) * 1000) <= ${CLOCK_TOLERANCE_MS}
    else false end)`

async function findJobs(pool: Pool, { queueName, jobIds }: Jobs): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from ${DEFAULT_SCHEMA}.job where queue = $1 and id = any($2::text[]) and ${IS_DELIVERED_SOON}`,
    [queueName, [...jobIds]],
  )
  return rows.map((row) => row.id)
}

async function deleteJobs(pool: Pool, { queueName, jobIds }: Jobs): Promise<void> {
  await pool.query(`delete from ${DEFAULT_SCHEMA}.job where queue = $1 and id = any($2::text[])`, [
    queueName,
    [...jobIds],
  ])
}
