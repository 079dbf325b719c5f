import type pg from 'pg'

/** SQL with its values `$1`, `$2` and so on. */
export type Statement = { readonly text: string; readonly values: readonly unknown[] }

/**
 * A server that takes longer than this to respond counts as unavailable. Statements of jobs and requests take seconds.
 */
export const STATEMENT_TIMEOUT_MS = 30_000
const LONG_TIMEOUT_MS = 6 * 3_600_000

export type TimedQuery = pg.QueryConfig & { readonly query_timeout: number }

/** A statement with its own timeout instead of STATEMENT_TIMEOUT_MS. */
export function withTimeout(timeoutMs: number, text: string, values: readonly unknown[] = []): TimedQuery {
  return { text, values: [...values], query_timeout: timeoutMs }
}

/** A statement for administrators, which may take as long as a large database requires. */
export function withLongTimeout(text: string, values?: readonly unknown[]): TimedQuery {
  return withTimeout(LONG_TIMEOUT_MS, text, values)
}
