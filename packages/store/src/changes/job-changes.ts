import type { JobState } from '@kinoprint/core'
import type { Database } from '../database.ts'

/** What changes while a job waits, runs and ends. */
export type JobMark = {
  readonly jobId: string
  readonly seq: number
  readonly state: JobState
  readonly stage: string
  readonly progress: number
  readonly attempts: number
}

/** Jobs of each kind that one poll reads. */
const MARKS_MAX = 1_000
/** A transaction may commit after one with a higher number, so that many earlier numbers are read again. */
const OVERLAP = 500
/** For clocks and slow commits. */
const MARGIN_SECONDS = 5
const COUNTED_MAX = 10_000

export type JobChangesRequest = {
  /** The highest number that was read before; null for a first read. */
  readonly afterSeq: number | null
  /** Time since the last read. */
  readonly seconds: number
}

/**
 * Returns the jobs that may have changed: new ones, those that run, ended or were put back into the queue, at most 1,000
 * of each. The caller compares them with what it knows. Every part reads the end of an index.
 */
export async function readJobMarks(
  db: Database,
  { afterSeq, seconds }: JobChangesRequest,
): Promise<{ readonly marks: readonly JobMark[]; readonly lastSeq: number }> {
  const last = afterSeq ?? (await readLastSeq(db))
  const columns = 'job_id as "jobId", seq::float8 as seq, state, stage, progress, attempts'
  const { rows } = await db.pool.query<JobMark>(
    `(select ${columns} from jobs where seq > $1 order by seq desc limit ${MARKS_MAX})
     union (select ${columns} from jobs where state = 'Running' limit ${MARKS_MAX})
     union (select ${columns} from jobs where state = 'Submitted' and dispatched_at = '-infinity' limit ${MARKS_MAX})
     union (select ${columns} from jobs where ended_at > clock_timestamp() - $2 * interval '1 second'
       order by ended_at desc limit ${MARKS_MAX})`,
    [last - OVERLAP, seconds + MARGIN_SECONDS],
  )
  return { marks: rows, lastSeq: rows.reduce((most, { seq }) => Math.max(most, seq), last) }
}

async function readLastSeq(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ seq: number | null }>('select max(seq)::float8 as seq from jobs')
  return rows[0]?.seq ?? 0
}

export type JobCounts = { readonly waiting: number; readonly paused: number; readonly running: number }

/** Counts the jobs that have not ended, each state up to 10,000. */
export async function countOpenJobs(db: Database): Promise<JobCounts> {
  const { rows } = await db.pool.query<JobCounts>(
    `select ${countOf('Submitted')} as waiting, ${countOf('Pause')} as paused, ${countOf('Running')} as running`,
  )
  return rows[0] ?? { waiting: 0, paused: 0, running: 0 }
}

function countOf(state: JobState): string {
  return `(select count(*)::int from (select from jobs where state = '${state}' limit ${COUNTED_MAX}) counted)`
}
