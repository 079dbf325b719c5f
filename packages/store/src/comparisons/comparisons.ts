import { type Page, type PageBounds, pageOf } from '@kinoprint/core'
import type { Database } from '../database.ts'
import type { StoredEvidence } from '../evidence/match-evidence.ts'
import {
  COMPARISON_COLUMNS,
  type Comparison,
  type ComparisonSideName,
  type ComparisonSource,
  NEXT_EXPIRY,
} from './comparison.ts'

export type NewComparison = {
  readonly comparisonId: string
  readonly query: ComparisonSource
  readonly reference: ComparisonSource
}

/** Stores a comparison. It waits for a worker, or first for its uploads. */
export async function createComparison(
  db: Database,
  { comparisonId, query, reference }: NewComparison,
): Promise<Comparison> {
  const { rows } = await db.pool.query<Comparison>(
    `insert into comparisons (comparison_id, state, query, reference, expires_at)
     values ($1, $2, $3, $4, ${NEXT_EXPIRY}) returning ${COMPARISON_COLUMNS}`,
    [
      comparisonId,
      query.isThere && reference.isThere ? 'Waiting' : 'Uploading',
      JSON.stringify(query),
      JSON.stringify(reference),
    ],
  )
  const [comparison] = rows
  if (comparison === undefined) throw new Error('The database returned no comparison.')
  return comparison
}

/** Null if it never existed or has expired. */
export async function getComparison(db: Database, comparisonId: string): Promise<Comparison | null> {
  const { rows } = await db.pool.query<Comparison>(
    `select ${COMPARISON_COLUMNS} from comparisons
     where comparison_id = $1 and (expires_at > clock_timestamp() or state = 'Running')`,
    [comparisonId],
  )
  return rows[0] ?? null
}

/** Comparisons that are kept, newest first. */
export async function listComparisons(db: Database, filter: PageBounds): Promise<Page<Comparison>> {
  const { page = 1, pageSize = 20 } = filter
  const kept = `from comparisons where expires_at > clock_timestamp() or state = 'Running'`
  const { rows } = await db.pool.query<Comparison>(
    `select ${COMPARISON_COLUMNS} ${kept} order by created_at desc, comparison_id limit $1 offset $2`,
    [pageSize, (page - 1) * pageSize],
  )
  const counted = await db.pool.query<{ total: number }>(`select count(*)::int as total ${kept}`)
  return pageOf(rows, { filter, total: counted.rows[0]?.total ?? 0 })
}

/** What a comparison rests on: null until it has succeeded, undefined if it never existed or has expired. */
export async function readComparisonEvidence(
  db: Database,
  comparisonId: string,
): Promise<StoredEvidence | null | undefined> {
  const { rows } = await db.pool.query<{ data: Buffer | null; writtenAt: Date }>(
    `select evidence as data, coalesce(ended_at, created_at) as "writtenAt" from comparisons
     where comparison_id = $1 and expires_at > clock_timestamp()`,
    [comparisonId],
  )
  const [row] = rows
  if (row === undefined) return undefined
  return row.data === null ? null : { data: row.data, writtenAt: row.writtenAt }
}

/**
 * Records that the upload of a side is complete. The comparison waits for a worker once both sides are there. Null if it
 * no longer waits for uploads.
 */
export async function recordUpload(
  db: Database,
  { comparisonId, side }: { readonly comparisonId: string; readonly side: ComparisonSideName },
): Promise<Comparison | null> {
  const other = side === 'query' ? 'reference' : 'query'
  const { rows } = await db.pool.query<Comparison>(
    `update comparisons set ${side} = jsonb_set(${side}, '{isThere}', 'true'), expires_at = ${NEXT_EXPIRY},
       state = case when (${other} ->> 'isThere')::boolean then 'Waiting' else state end
     where comparison_id = $1 and state = 'Uploading' and ${side} ->> 'source' = 'upload'
     returning ${COMPARISON_COLUMNS}`,
    [comparisonId],
  )
  return rows[0] ?? null
}

/** Deletes a comparison, which stops the worker that runs it. False if it does not exist. */
export async function deleteComparison(db: Database, comparisonId: string): Promise<boolean> {
  const { rowCount } = await db.pool.query('delete from comparisons where comparison_id = $1', [comparisonId])
  return rowCount === 1
}

/** Comparisons past their hour, oldest first. Remove their uploads, then delete them. */
export async function expiredComparisons(
  db: Database,
  { limit }: { readonly limit: number },
): Promise<Comparison[]> {
  const { rows } = await db.pool.query<Comparison>(
    `select ${COMPARISON_COLUMNS} from comparisons
     where expires_at <= clock_timestamp() and state <> 'Running' order by expires_at limit $1`,
    [limit],
  )
  return rows
}
