import { setTimeout as delay } from 'node:timers/promises'
import { DEFAULT_SCHEMA, type PgPool } from 'bullmq'
import type { Pool, PoolClient } from 'pg'

/** A failing connection is asked again only after this pause: BullMQ's loop would ask without one. */
const FAILURE_PAUSE_MS = 250
/** SQLSTATE of BullMQ's own refusals (missing job, lost lock): answers, not failures of the connection. */
const BULLMQ_REFUSAL = 'BM001'

/** Appends BullMQ's schema to whatever the session searches already; a second time changes nothing. */
const APPEND_SEARCH_PATH = `
  select set_config('search_path', current_setting('search_path') || ', ${DEFAULT_SCHEMA}', false)
  where current_setting('search_path') !~ '(^|[, "])${DEFAULT_SCHEMA}($|[, "])'`

export type QueuePool = PgPool & { close(): void }

/**
 * The caller's pool as BullMQ has to see it. BullMQ's statements name its tables without a schema, and given a
 * pool it did not make, it leaves the search path to the caller. The schema goes last, so that in a session that
 * others share (PGlite has only one) nothing of theirs resolves differently.
 */
export function queuePool(pool: Pool): QueuePool {
  const prepared = new WeakSet<PoolClient>()
  const listeners: ((error: Error) => void)[] = []

  const connect = async (): Promise<PoolClient> => {
    const client = await pool.connect()
    if (prepared.has(client)) return client
    // The pool listens only while a client is idle. A connection that breaks in use also emits the error that its
    // query is rejected with, and without a listener that would end the process.
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
      if (!(hasSqlState(error) && error.code === BULLMQ_REFUSAL)) await delay(FAILURE_PAUSE_MS)
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
    // The pool is the caller's: BullMQ never ends it.
    end: async () => undefined,
    close: () => {
      for (const listener of listeners.splice(0)) pool.off('error', listener)
    },
  } as unknown as QueuePool
}

/** The server answered with an error of its own, so the connection itself is sound. */
function hasSqlState(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && /^[0-9A-Z]{5}$/.test(String(error.code))
}

/** A table or type of ours with a name of BullMQ's would be used in its place: refuse to start instead. */
export async function assertNothingShadowsTheQueue(pool: QueuePool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(`
    select relname as name from pg_class
    where relnamespace = '${DEFAULT_SCHEMA}'::regnamespace and not pg_table_is_visible(oid)
    union
    select typname from pg_type
    where typnamespace = '${DEFAULT_SCHEMA}'::regnamespace and not pg_type_is_visible(oid)`)
  if (rows.length === 0) return
  const names = rows.map((row) => row.name).join(', ')
  throw new Error(
    `Tables or types with names that the queue's schema ${DEFAULT_SCHEMA} needs: ${names}. Rename them.`,
  )
}
