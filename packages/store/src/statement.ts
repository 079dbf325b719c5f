import type pg from 'pg'

/** A server that has not answered a statement by then counts as away. Those of jobs and requests take a second. */
export const STATEMENT_LIMIT_MS = 30_000
const PATIENT_LIMIT_MS = 6 * 3_600_000

export type LimitedQuery = pg.QueryConfig & { readonly query_timeout: number }

/** A statement with a limit of its own. */
export const withTimeout = (
  limitMs: number,
  text: string,
  values: readonly unknown[] = [],
): LimitedQuery => ({
  text,
  values: [...values],
  query_timeout: limitMs,
})

/** A statement of an administrator, which may take as long as a large database needs. */
export const withLongTimeout = (text: string, values?: readonly unknown[]): LimitedQuery =>
  withTimeout(PATIENT_LIMIT_MS, text, values)

/** SQL with its values, $1 and so on. */
export type Statement = { readonly text: string; readonly values: readonly unknown[] }
