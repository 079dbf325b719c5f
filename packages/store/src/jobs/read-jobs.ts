import type { Database } from '../database.ts'
import type { Scope } from '../scope.ts'
import type { Job, JobHead, JobResult } from './job.ts'
import { HEAD_COLUMNS, type HeadRow, JOB_COLUMNS, type JobRow, toHead, toJob } from './job-row.ts'

const FOUND = `from jobs j where ($1::text[] is null or j.dna_db_id = any($1))
  and ($2::text[] is null or j.bucket = any($2)) and ($3::text[] is null or j.region = any($3))
  and job_id = any($4) order by array_position($4::text[], job_id)`

const wanted = (jobIds: readonly string[], { libraries, buckets, regions }: Scope) => [
  libraries ?? null,
  buckets ?? null,
  regions ?? null,
  jobIds,
]

/** Those that exist and may be seen, in the order of their ids' first mention. Their results may take much memory. */
export const getJobs = async (db: Database, jobIds: readonly string[], scope: Scope = {}): Promise<Job[]> => {
  const { rows } = await db.pool.query<JobRow>(`select ${JOB_COLUMNS} ${FOUND}`, wanted(jobIds, scope))
  return rows.map(toJob)
}

/** The same without their results. */
export const getJobHeads = async (
  db: Database,
  jobIds: readonly string[],
  scope: Scope = {},
): Promise<JobHead[]> => {
  const { rows } = await db.pool.query<HeadRow>(`select ${HEAD_COLUMNS} ${FOUND}`, wanted(jobIds, scope))
  return rows.map(toHead)
}

/** Results by job; jobs without one are missing. */
export const readResults = async (
  db: Database,
  jobIds: readonly string[],
): Promise<ReadonlyMap<string, JobResult>> => {
  const { rows } = await db.pool.query<{ jobId: string; result: JobResult }>(
    'select job_id as "jobId", result from jobs where job_id = any($1) and result is not null',
    [jobIds],
  )
  return new Map(rows.map(({ jobId, result }) => [jobId, result]))
}
