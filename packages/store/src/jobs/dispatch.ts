import type { JobLevel } from '@kinoprint/core'
import type { Database } from '../database.ts'

/** Position of a waiting job in the order of dispatch: higher levels first, then older jobs. */
export type WaitingPosition = { readonly jobLevel: number; readonly seq: number }

export type Dispatch = WaitingPosition & { readonly jobId: string; readonly jobLevel: JobLevel }

/** The position before every waiting job. Levels descend from 2, `seq` ascends from 1. */
export const FIRST_WAITING: WaitingPosition = { jobLevel: 3, seq: 0 }

type DispatchRow = Omit<Dispatch, 'seq'> & { readonly seq: string }

function toDispatch({ seq, ...row }: DispatchRow): Dispatch {
  return { ...row, seq: Number(seq) }
}

const COLUMNS = 'job_id as "jobId", job_level as "jobLevel", seq'

export type WaitingRequest = {
  /** Skips jobs that were dispatched more recently. */
  readonly olderThanMs: number
  readonly limit: number
  /** Only jobs after this position. Default: all. */
  readonly after?: WaitingPosition | undefined
}

/** Returns a page of the waiting jobs in the order of dispatch. BullMQ should hold all of them. */
export async function jobsToDispatch(
  db: Database,
  { olderThanMs, limit, after = FIRST_WAITING }: WaitingRequest,
): Promise<Dispatch[]> {
  const { rows } = await db.pool.query<DispatchRow>(
    `select ${COLUMNS} from jobs
     where state = 'Submitted' and job_level <= $3 and (job_level < $3 or seq > $4)
       and coalesce(dispatched_at, created_at) <= clock_timestamp() - $1 * interval '1 millisecond'
     order by job_level desc, seq limit $2`,
    [olderThanMs, limit, after.jobLevel, after.seq],
  )
  return rows.map(toDispatch)
}

/** Returns waiting jobs that became runnable again: resumed, returned or retried jobs, and those whose worker died. */
export async function jobsToDispatchAtOnce(
  db: Database,
  { limit }: { readonly limit: number },
): Promise<Dispatch[]> {
  const { rows } = await db.pool.query<DispatchRow>(
    `select ${COLUMNS} from jobs where state = 'Submitted' and dispatched_at = '-infinity'
     order by job_level desc, seq limit $1`,
    [limit],
  )
  return rows.map(toDispatch)
}

/** Records that BullMQ holds these jobs now. */
export async function markDispatched(db: Database, jobIds: readonly string[]): Promise<void> {
  await db.pool.query(
    `update jobs set dispatched_at = clock_timestamp() where job_id = any($1) and state = 'Submitted'`,
    [jobIds],
  )
}
