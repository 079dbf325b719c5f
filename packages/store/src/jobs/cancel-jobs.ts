import type { Database } from '../database.ts'

/** What is left out fits every job. */
export type CancelFilter = {
  readonly bucket?: string | undefined
  readonly region?: string | undefined
  readonly queueId?: string | undefined
  readonly secretId?: string | undefined
  readonly dnaDbId?: string | undefined
  /** Submitted and Pause unless told. */
  readonly states?: readonly ('Submitted' | 'Pause' | 'Running')[] | undefined
}

const WAITING = ['Submitted', 'Pause'] as const
/** Rows that one statement locks, so that workers and submissions go on meanwhile. */
const BATCH = 500

/**
 * Cancels every job that fits; answers how many. Entries that the queue holds for them are passed over by workers, and the
 * worker of a running one stops it at its next heartbeat. No callback is sent for a cancelled job.
 */
export const cancelJobs = async (
  db: Database,
  { bucket, region, queueId, secretId, dnaDbId, states = WAITING }: CancelFilter,
): Promise<number> => {
  const wanted = [bucket, region, queueId, secretId, dnaDbId].map((value) => value ?? null)
  // Jobs that are submitted meanwhile are another matter: a flood that goes on must not keep this from ending.
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
      [...wanted, states, last, BATCH],
    )
    cancelled += rowCount ?? 0
    if ((rowCount ?? 0) < BATCH) return cancelled
  }
}
