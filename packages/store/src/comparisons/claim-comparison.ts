import type { Database } from '../database.ts'
import { MAX_ATTEMPTS } from '../jobs/job.ts'
import {
  COMPARISON_COLUMNS,
  type Comparison,
  type ComparisonError,
  type ComparisonReading,
  type ComparisonResult,
  type ComparisonStage,
  NEXT_EXPIRY,
} from './comparison.ts'

/** Proves that a worker still holds a comparison. */
export type ComparisonFence = { readonly comparisonId: string; readonly claim: number }

export type ClaimedComparison = { readonly comparison: Comparison; readonly fence: ComparisonFence }

/** Claims the comparison that has waited longest, or whose worker has died. Null if there is none. */
export async function claimComparison(
  db: Database,
  { leaseMs }: { readonly leaseMs: number },
): Promise<ClaimedComparison | null> {
  const { rows } = await db.pool.query<Comparison & { claim: number }>(
    `update comparisons set state = 'Running', attempts = attempts + 1, claims = claims + 1, stage = 'fetch',
       lease_until = clock_timestamp() + $1 * interval '1 millisecond',
       started_at = coalesce(started_at, clock_timestamp())
     where comparison_id = (
       select comparison_id from comparisons
       where state in ('Waiting', 'Running') and attempts < ${MAX_ATTEMPTS}
         and (lease_until is null or lease_until <= clock_timestamp())
       order by created_at limit 1 for update skip locked
     ) returning ${COMPARISON_COLUMNS}, claims as claim`,
    [leaseMs],
  )
  if (rows[0] === undefined) return null
  const { claim, ...comparison } = rows[0]
  return { comparison, fence: { comparisonId: comparison.comparisonId, claim } }
}

export type ComparisonProgress = {
  readonly stage: ComparisonStage
  readonly query: ComparisonReading
  readonly reference: ComparisonReading
  readonly leaseMs: number
}

/** Renews the lease and saves the progress. False if the worker has lost the comparison and must stop. */
export async function renewComparison(
  db: Database,
  { comparisonId, claim }: ComparisonFence,
  { stage, query, reference, leaseMs }: ComparisonProgress,
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `update comparisons set stage = $3, query_reading = $4, reference_reading = $5,
       lease_until = clock_timestamp() + $6 * interval '1 millisecond'
     where comparison_id = $1 and claims = $2 and state = 'Running'`,
    [comparisonId, claim, stage, JSON.stringify(query), JSON.stringify(reference), leaseMs],
  )
  return rowCount === 1
}

export type ComparisonEnd = Pick<ComparisonProgress, 'query' | 'reference'> &
  (
    | {
        readonly state: 'Success'
        readonly result: ComparisonResult
        /** Gzipped JSON; null for none. */
        readonly evidence: Uint8Array | null
      }
    | { readonly state: 'Failed'; readonly error: ComparisonError }
  )

/** Ends a claimed comparison. False if the worker has lost it. */
export async function endComparison(
  db: Database,
  { comparisonId, claim }: ComparisonFence,
  end: ComparisonEnd,
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `update comparisons set state = $3, stage = '', lease_until = null, ended_at = clock_timestamp(),
       query_reading = $4, reference_reading = $5, result = $6, error = $7, evidence = $8, expires_at = ${NEXT_EXPIRY}
     where comparison_id = $1 and claims = $2 and state = 'Running'`,
    [
      comparisonId,
      claim,
      end.state,
      JSON.stringify(end.query),
      JSON.stringify(end.reference),
      end.state === 'Success' ? JSON.stringify(end.result) : null,
      end.state === 'Failed' ? JSON.stringify(end.error) : null,
      end.state === 'Success' && end.evidence !== null ? Buffer.from(end.evidence) : null,
    ],
  )
  return rowCount === 1
}

/** Lets another worker claim a comparison at once. This attempt does not count. */
export async function releaseComparison(
  db: Database,
  { comparisonId, claim }: ComparisonFence,
): Promise<void> {
  await db.pool.query(
    `update comparisons set state = 'Waiting', stage = '', lease_until = null, attempts = attempts - 1
     where comparison_id = $1 and claims = $2 and state = 'Running'`,
    [comparisonId, claim],
  )
}

/** Fails comparisons whose workers died in every attempt. Returns their number. */
export async function failLostComparisons(db: Database): Promise<number> {
  const error: ComparisonError = {
    code: 'InternalError',
    message: `The worker died in all ${MAX_ATTEMPTS} attempts. Check the worker's log, then compare again.`,
    side: null,
  }
  const { rowCount } = await db.pool.query(
    `update comparisons set state = 'Failed', stage = '', lease_until = null, ended_at = clock_timestamp(), error = $1,
       expires_at = ${NEXT_EXPIRY}
     where state = 'Running' and attempts >= ${MAX_ATTEMPTS} and lease_until <= clock_timestamp()`,
    [JSON.stringify(error)],
  )
  return rowCount ?? 0
}
