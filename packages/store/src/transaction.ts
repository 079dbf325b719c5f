import { errorCode } from '@kinoprint/core'
import type pg from 'pg'
import type { Database } from './database.ts'
import { isDatabaseUnavailable } from './database-errors.ts'

/** Two transactions that waited for each other (40P01), or could not be put in an order (40001). */
const RETRYABLE = new Set(['40P01', '40001'])
const MAX_TRIES = 3

/**
 * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. `work` uses only the
 * client it is given: a query through the pool would, embedded, wait for this very transaction.
 */
export const transaction = async <T>(
  db: Database,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> => {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(db, work)
    } catch (error) {
      if (tries === MAX_TRIES || !RETRYABLE.has(errorCode(error))) throw error
    }
  }
}

const attempt = async <T>(db: Database, work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
  const client = await db.pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    // Nobody answers a rollback there; the server rolls back by itself when it loses the client.
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
