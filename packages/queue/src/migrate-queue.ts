import { Fault } from '@kinoprint/core'
import {
  assertSchemaCompatibility,
  LATEST_SCHEMA_VERSION,
  runMigrations,
  SchemaVersionMismatchError,
} from 'bullmq'
import type { Pool, PoolClient } from 'pg'

/**
 * Brings BullMQ's own schema up to date. Safe when several processes start at once (it takes an advisory lock),
 * and a single read when there is nothing to do.
 */
export async function migrateQueue(pool: Pool): Promise<void> {
  const client = await pool.connect()
  // A connection that breaks in use emits its error too; the rejection says it already.
  const ignore = () => undefined
  client.on('error', ignore)
  try {
    if ((await versionOf(client)) < LATEST_SCHEMA_VERSION) await runMigrations(client)
  } catch (error) {
    if (!(error instanceof SchemaVersionMismatchError)) throw error
    throw new Fault(
      'DatabaseTooNew',
      'The queue in this database was made by a newer Kinoprint. Run that version or a newer one.',
      { cause: error },
    )
  } finally {
    client.off('error', ignore)
    client.release()
  }
}

/** 0 where the schema does not exist yet. */
async function versionOf(client: PoolClient): Promise<number> {
  const { rows } = await client.query<{ found: string | null }>(
    `select to_regclass('bullmq.migration') as found`,
  )
  return rows[0]?.found ? assertSchemaCompatibility(client) : 0
}
