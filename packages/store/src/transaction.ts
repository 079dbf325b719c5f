import { errorCode } from '@kinoprint/core'
import type pg from 'pg'
import type { Database } from './database.ts'
import { isDatabaseUnavailable } from './database-errors.ts'

/** SQLSTATEs deadlock_detected and serialization_failure. */
const RETRYABLE = new Set(['40P01', '40001'])
const MAX_RUNS = 3

/**
 * Runs `work` in one transaction, which commits when it resolves and rolls back when it throws. A deadlock runs `work`
 * again, at most three times in all. `work` must query through its client only: in the embedded database, a query
 * through the pool would wait for this transaction to end. Within `inTransaction` it is a savepoint of that transaction.
 */
export async function transaction<T>(db: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  for (let runs = 1; ; runs++) {
    try {
      return db.client === undefined ? await runOnce(db, work) : await runNested(db.client, work)
    } catch (error) {
      if (runs === MAX_RUNS || !RETRYABLE.has(errorCode(error))) throw error
    }
  }
}

async function runOnce<T>(db: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await db.pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    // An unavailable server cannot respond to a rollback. It rolls back when it notices that the client has gone.
    if (isDatabaseUnavailable(error)) broken = error as Error
    else {
      await client.query('rollback').catch((failure: Error) => {
        broken = failure
      })
    }
    throw error
  } finally {
    client.release(broken)
  }
}

async function runNested<T>(client: pg.PoolClient, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  await client.query('savepoint nested')
  try {
    const result = await work(client)
    await client.query('release savepoint nested')
    return result
  } catch (error) {
    if (!isDatabaseUnavailable(error)) await client.query('rollback to savepoint nested')
    throw error
  }
}

/**
 * Runs `work` with a database whose every statement and transaction belongs to one transaction. `work` must use no other
 * database, and do nothing that takes long or that a rollback cannot undo.
 */
export function inTransaction<T>(db: Database, work: (bound: Database) => Promise<T>): Promise<T> {
  return transaction(db, (client) => {
    const pool: Database['pool'] = Object.create(db.pool, { query: { value: client.query.bind(client) } })
    return work({ ...db, pool, client })
  })
}
