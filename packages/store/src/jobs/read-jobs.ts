import type { Database } from '../database.ts'
import type { Scope } from '../scope.ts'
import {
  HEAD_COLUMNS,
  type HeadRow,
  JOB_COLUMNS,
  type Job,
  type JobHead,
  type JobResult,
  type JobRow,
  toHead,
  toJob,
} from './job.ts'

const FOUND = `from jobs j where ($1::text[] is null or j.dna_db_id = any($1))
  and ($2::text[] is null or j.bucket = any($2)) and ($3::text[] is null or j.region = any($3))
  and job_id = any($4) order by array_position($4::text[], job_id)`

function valuesOf(jobIds: readonly string[], { libraries, buckets, regions }: Scope) {
  return [libraries ?? null, buckets ?? null, regions ?? null, jobIds]
}

/** Returns the existing jobs in scope, ordered by the first position of their ids. Their results can be large. */
export async function getJobs(db: Database, jobIds: readonly string[], scope: Scope = {}): Promise<Job[]> {
  const { rows } = await db.pool.query<JobRow>(`select ${JOB_COLUMNS} ${FOUND}`, valuesOf(jobIds, scope))
  return rows.map(toJob)
}

/** Returns the existing jobs in scope, without their results, ordered by the first position of their ids. */
export async function getJobHeads(
  db: Database,
  jobIds: readonly string[],
  scope: Scope = {},
): Promise<JobHead[]> {
  const { rows } = await db.pool.query<HeadRow>(`select ${HEAD_COLUMNS} ${FOUND}`, valuesOf(jobIds, scope))
  return rows.map(toHead)
}

/** Returns results by job id. Jobs without a result are absent. */
export async function readResults(
  db: Database,
  jobIds: readonly string[],
): Promise<ReadonlyMap<string, JobResult>> {
  const { rows } = await db.pool.query<{ jobId: string; result: JobResult }>(
    'select job_id as "jobId", result from jobs where job_id = any($1) and result is not null',
    [jobIds],
  )
  return new Map(rows.map(({ jobId, result }) => [jobId, result]))
}
