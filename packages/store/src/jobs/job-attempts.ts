import type { Database } from '../database.ts'
import { withTimeout } from '../statement.ts'
import type { JobFence } from './job.ts'

/** A write without a response in this time fails: the slot of the worker waits for it. */
const SAVE_TIMEOUT_MS = 5_000

/** When a stage began, in seconds after the start of its attempt. */
export type StageStart = { readonly stage: string; readonly seconds: number }

/** One claim of a job by a worker. */
export type JobAttempt = {
  /** Number of the claim, from 1. Unlike `Job.attempts`, it also counts those before a retry and those returned. */
  readonly attempt: number
  /** Name of the worker. */
  readonly worker: string
  readonly startedAt: Date
  /** For a lost attempt, when its lease expired. Null while it runs. */
  readonly endedAt: Date | null
  /** `Returned`: the worker shut down. `Lost`: it died, or did not renew its lease in time. Null while it runs. */
  readonly outcome: 'Success' | 'Failed' | 'Cancel' | 'Returned' | 'Lost' | null
  /** Why it failed. */
  readonly code: string | null
  readonly stages: readonly StageStart[]
}

/** The last 20 attempts of a job, oldest first. Migration 0026 records them. */
export async function listJobAttempts(db: Database, jobId: string): Promise<JobAttempt[]> {
  const { rows } = await db.pool.query<JobAttempt>(
    `select claim as attempt, worker, started_at as "startedAt", ended_at as "endedAt", outcome, code, stages
     from job_attempts where job_id = $1 order by claim`,
    [jobId],
  )
  return rows
}

/** Writes the stages of an attempt, also after its end. The heartbeat does so while it runs. */
export async function saveJobStages(
  db: Database,
  { jobId, claim }: JobFence,
  stages: readonly StageStart[],
): Promise<void> {
  await db.pool.query(
    withTimeout(SAVE_TIMEOUT_MS, 'update job_attempts set stages = $3 where job_id = $1 and claim = $2', [
      jobId,
      claim,
      JSON.stringify(stages),
    ]),
  )
}
