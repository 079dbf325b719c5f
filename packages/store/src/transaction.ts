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
 * through the pool would wait for this transaction to end.
 */
export async function transaction<T>(db: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  for (let runs = 1; ; runs++) {
    try {
      return await runOnce(db, work)
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
