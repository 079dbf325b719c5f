import { Fault } from '@kinoprint/core'
import {
  assertSchemaCompatibility,
  LATEST_SCHEMA_VERSION,
  runMigrations,
  SchemaVersionMismatchError,
} from 'bullmq'
import type { Pool, PoolClient } from 'pg'

/** The version of the tables that `migrateQueue` creates. */
export const QUEUE_SCHEMA_VERSION: number = LATEST_SCHEMA_VERSION

/**
 * Migrates BullMQ's own schema. A single read if there is nothing to do. Several processes may call it at once: BullMQ
 * takes an advisory lock.
 *
 * Throws Fault DatabaseTooNew if a newer version has migrated the database.
 */
export async function migrateQueue(pool: Pool): Promise<void> {
  const client = await pool.connect()
  // A connection that breaks during a query also emits the error, and without a listener that ends the process.
  const ignore = () => undefined
  client.on('error', ignore)
  try {
    if ((await schemaVersion(client)) < QUEUE_SCHEMA_VERSION) await runMigrations(client)
  } catch (error) {
    if (!(error instanceof SchemaVersionMismatchError)) throw error
    throw new Fault(
      'DatabaseTooNew',
      'The queue in this database was created by a newer Kinoprint. Run that version or a newer one.',
      { cause: error },
    )
  } finally {
    client.off('error', ignore)
    client.release()
  }
}

/** The version of BullMQ's schema; 0 if there is none. */
async function schemaVersion(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ found: string | null }>(
    `select to_regclass('bullmq.migration') as found`,
  )
  return rows[0]?.found ? assertSchemaCompatibility(client) : 0
}
