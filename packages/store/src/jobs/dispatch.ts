import type { JobLevel } from '@kinoprint/core'
import type { Database } from '../database.ts'

/** Where a waiting job stands in the order in which they run. */
export type WaitingPosition = { readonly jobLevel: number; readonly seq: number }

export type Dispatch = WaitingPosition & { readonly jobId: string; readonly jobLevel: JobLevel }

/** Before every waiting job: levels go down from 2, `seq` goes up from 1. */
export const FIRST_WAITING: WaitingPosition = { jobLevel: 3, seq: 0 }

type DispatchRow = Omit<Dispatch, 'seq'> & { readonly seq: string }

const toDispatch = ({ seq, ...row }: DispatchRow): Dispatch => ({ ...row, seq: Number(seq) })

const COLUMNS = 'job_id as "jobId", job_level as "jobLevel", seq'

export type WaitingRequest = {
  /** Jobs of which the queue was told more recently are left out: they are on their way. */
  readonly olderThanMs: number
  readonly limit: number
  /** Only jobs behind this one. */
  readonly after?: WaitingPosition | undefined
}

/** Waiting jobs page by page, in the order in which they run: the queue should hold all of them. */
export const jobsToDispatch = async (
  db: Database,
  { olderThanMs, limit, after = FIRST_WAITING }: WaitingRequest,
): Promise<Dispatch[]> => {
  const { rows } = await db.pool.query<DispatchRow>(
    `select ${COLUMNS} from jobs
     where state = 'Submitted' and job_level <= $3 and (job_level < $3 or seq > $4)
       and coalesce(dispatched_at, created_at) <= clock_timestamp() - $1 * interval '1 millisecond'
     order by job_level desc, seq limit $2`,
    [olderThanMs, limit, after.jobLevel, after.seq],
  )
  return rows.map(toDispatch)
}

/** Waiting jobs that became runnable again (resumed, released, retried, orphaned by their worker). */
export const jobsToDispatchAtOnce = async (
  db: Database,
  { limit }: { readonly limit: number },
): Promise<Dispatch[]> => {
  const { rows } = await db.pool.query<DispatchRow>(
    `select ${COLUMNS} from jobs where state = 'Submitted' and dispatched_at = '-infinity'
     order by job_level desc, seq limit $1`,
    [limit],
  )
  return rows.map(toDispatch)
}

/** Notes that the queue knows these jobs now. */
export const markDispatched = async (db: Database, jobIds: readonly string[]): Promise<void> => {
  await db.pool.query(
    `update jobs set dispatched_at = clock_timestamp() where job_id = any($1) and state = 'Submitted'`,
    [jobIds],
  )
}
