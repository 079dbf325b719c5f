import { setTimeout as delay } from 'node:timers/promises'
import { errorCode } from '@kinoprint/core'
import { DEFAULT_SCHEMA, type PgPool } from 'bullmq'
import type { Pool, PoolClient } from 'pg'

/** Pause after a failed connection, which BullMQ's loop lacks. */
const FAILURE_PAUSE_MS = 250
/** SQLSTATE that BullMQ raises for a missing job or a lost lock. It is a regular response, not a failed connection. */
const BULLMQ_REFUSAL = 'BM001'

/** Appends BullMQ's schema to the session's search path, unless it is already there. */
const APPEND_SEARCH_PATH = `
  select set_config('search_path', current_setting('search_path') || ', ${DEFAULT_SCHEMA}', false)
  where current_setting('search_path') !~ '(^|[, "])${DEFAULT_SCHEMA}($|[, "])'`

export type QueuePool = PgPool & { close(): void }

/**
 * Adapts the caller's pool to BullMQ. BullMQ's statements name its tables without a schema and expect the search path
 * of an external pool to be set. The schema goes last, so that names in a shared session (PGlite has one for all)
 * resolve as before.
 */
export function queuePool(pool: Pool): QueuePool {
  const prepared = new WeakSet<PoolClient>()
  const listeners: ((error: Error) => void)[] = []

  const connect = async (): Promise<PoolClient> => {
    const client = await pool.connect()
    if (prepared.has(client)) return client
    // A connection that breaks during a query also emits the error, and without a listener that ends the process.
    client.on('error', () => undefined)
    try {
      await client.query(APPEND_SEARCH_PATH)
      prepared.add(client)
      return client
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  const query = async (text: string, params?: readonly unknown[]) => {
    try {
      const client = await connect()
      let broken = true
      try {
        const result = await client.query(text, params ? [...params] : undefined)
        broken = false
        return result
      } catch (error) {
        broken = !hasSqlState(error)
        throw error
      } finally {
        client.release(broken)
      }
    } catch (error) {
      if (errorCode(error) !== BULLMQ_REFUSAL) await delay(FAILURE_PAUSE_MS)
      throw error
    }
  }

  const on = (event: 'error', listener: (error: Error) => void): unknown => {
    listeners.push(listener)
    return pool.on(event, listener)
  }

  return {
    connect,
    query,
    on,
    options: { keepAlive: pool.options?.keepAlive ?? false },
    // The caller ends the pool.
    end: async () => undefined,
    close: () => {
      for (const listener of listeners.splice(0)) pool.off('error', listener)
    },
  } as unknown as QueuePool
}

/** Whether the server itself reported the error, which means that the connection is intact. */
function hasSqlState(error: unknown): boolean {
  return /^[0-9A-Z]{5}$/.test(errorCode(error))
}

/** Throws if a table or type in another schema has the name of one of BullMQ's, because it would be used instead. */
export async function requireVisibleSchema(pool: QueuePool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(`
    select relname as name from pg_class
    where relnamespace = '${DEFAULT_SCHEMA}'::regnamespace and not pg_table_is_visible(oid)
    union
    select typname from pg_type
    where typnamespace = '${DEFAULT_SCHEMA}'::regnamespace and not pg_type_is_visible(oid)`)
  if (rows.length === 0) return
  const names = rows.map((row) => row.name).join(', ')
  throw new Error(
    `Tables or types in other schemas hide those of the queue's schema ${DEFAULT_SCHEMA}. Rename them: ${names}`,
  )
}
