import type pg from 'pg'
import type { Database } from './database.ts'
import { withTimeout } from './statement.ts'

/** How long another server may take to answer a statement that reads next to nothing. One that takes longer hangs. */
export const ANSWER_MS = 5_000

/** Messages of pg and its pool when a time limit passes. */
const TIMEOUTS =
  /^(?:Query read timeout|timeout exceeded when trying to connect|Connection terminated due to connection timeout)/

type SmallStatement = {
  readonly text: string
  readonly values?: readonly unknown[]
  /** Default: 5 s. */
  readonly answerMs?: number | undefined
}

/**
 * Runs a small statement on a shard or a replica. One that hangs fails like one that is away.
 *
 * @throws Error with the code ETIMEDOUT if the server does not answer in time.
 */
export async function answerInTime<Row extends pg.QueryResultRow>(
  { pool }: Pick<Database, 'pool'>,
  { text, values, answerMs = ANSWER_MS }: SmallStatement,
): Promise<pg.QueryResult<Row>> {
  try {
    return await pool.query<Row>(withTimeout(answerMs, text, values))
  } catch (cause) {
    if (!isTimeout(cause)) throw cause
    const error = new Error('It accepts connections but does not answer.', { cause })
    throw Object.assign(error, { code: 'ETIMEDOUT' })
  }
}

/** Whether a server did not answer a statement or accept a connection in time. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && TIMEOUTS.test(error.message)
}
