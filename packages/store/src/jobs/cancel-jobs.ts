import type { Database } from '../database.ts'

/** Which jobs to cancel. An absent field matches every job. */
export type CancelFilter = {
  readonly bucket?: string | undefined
  readonly region?: string | undefined
  readonly queueId?: string | undefined
  readonly secretId?: string | undefined
  readonly dnaDbId?: string | undefined
  /** Default: Submitted and Pause. */
  readonly states?: readonly ('Submitted' | 'Pause' | 'Running')[] | undefined
}

const WAITING = ['Submitted', 'Pause'] as const
/** Number of rows that one statement locks, so that workers and submissions can continue. */
const BATCH = 500

/**
 * Cancels all matching jobs and returns their number. Workers skip their queue entries; the worker of a running job stops
 * at its next heartbeat. Cancelled jobs send no callback.
 */
export async function cancelJobs(
  db: Database,
  { bucket, region, queueId, secretId, dnaDbId, states = WAITING }: CancelFilter,
): Promise<number> {
  const filterValues = [bucket, region, queueId, secretId, dnaDbId].map((value) => value ?? null)
  // Jobs submitted during this call are skipped; otherwise a continuous flood would keep it from ending.
  const { rows } = await db.pool.query<{ last: string | null }>('select max(seq) as last from jobs')
  const last = rows[0]?.last ?? 0
  let cancelled = 0
  for (;;) {
    const { rowCount } = await db.pool.query(
      `update jobs set state = 'Cancel', ended_at = clock_timestamp(), stage = '', lease_until = null,
         worker_id = null
       where state = any($6) and job_id in (
         select job_id from jobs
         where state = any($6) and seq <= $7 and ($1::text is null or bucket = $1)
           and ($2::text is null or region = $2) and ($3::text is null or queue_id = $3)
           and ($4::text is null or secret_id = $4) and ($5::text is null or dna_db_id = $5)
         order by seq limit $8 for update skip locked)`,
      [...filterValues, states, last, BATCH],
    )
    cancelled += rowCount ?? 0
    if ((rowCount ?? 0) < BATCH) return cancelled
  }
}
