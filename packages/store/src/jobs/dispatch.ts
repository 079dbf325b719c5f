import type { Database } from '../database.ts'
import type { JobLevel } from './job.ts'

export type Dispatch = { readonly jobId: string; readonly jobLevel: JobLevel }

/**
 * Waiting jobs of which the queue was told longer ago than this, or never: it may have lost them. Those that
 * became runnable again (resumed, released, retried, orphaned by their worker) come at once.
 */
export const jobsToDispatch = async (
  db: Database,
  { olderThanMs, limit }: { readonly olderThanMs: number; readonly limit: number },
): Promise<Dispatch[]> => {
  const { rows } = await db.pool.query<Dispatch>(
    `select job_id as "jobId", job_level as "jobLevel" from jobs
     where state = 'Submitted'
       and coalesce(dispatched_at, created_at) <= clock_timestamp() - $1 * interval '1 millisecond'
     order by job_level desc, seq limit $2`,
    [olderThanMs, limit],
  )
  return rows
}

/** Notes that the queue knows these jobs now. */
export const markDispatched = async (db: Database, jobIds: readonly string[]): Promise<void> => {
  await db.pool.query(
    `update jobs set dispatched_at = clock_timestamp() where job_id = any($1) and state = 'Submitted'`,
    [jobIds],
  )
}
