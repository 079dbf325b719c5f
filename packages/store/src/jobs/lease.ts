import type { Database } from '../database.ts'
import { withTimeout } from '../statement.ts'
import { transaction } from '../transaction.ts'
import { failExhausted } from './claim-job.ts'
import { type JobFence, MAX_ATTEMPTS } from './job.ts'
import type { StageStart } from './job-attempts.ts'

export type Heartbeat = {
  /** 0..1 */
  readonly progress?: number | undefined
  readonly stage?: string | undefined
  /** All stages of the attempt so far. Absent if none has begun since the last heartbeat. */
  readonly stages?: readonly StageStart[] | undefined
  /** Code of an error after which the job is tried again: ends the attempt, but not the job. */
  readonly failure?: string | undefined
  readonly leaseMs: number
}

/** A heartbeat without a response in this time counts as missed. */
const HEARTBEAT_TIMEOUT_MS = 5_000

/** Renews the lease and reports progress. False if the worker has lost the job and must stop. */
export async function heartbeat(
  db: Database,
  { jobId, claim }: JobFence,
  { progress, stage, stages, failure, leaseMs }: Heartbeat,
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    withTimeout(
      HEARTBEAT_TIMEOUT_MS,
      `with held as (
         update jobs set lease_until = clock_timestamp() + $3 * interval '1 millisecond',
           progress = greatest(progress, least(coalesce($4, progress), 1)), stage = coalesce($5, stage)
         where job_id = $1 and claims = $2 and state = 'Running' returning job_id, claims),
       attempt as (
         update job_attempts a set stages = coalesce($6::jsonb, stages), code = coalesce($7::text, code),
           outcome = case when $7::text is null then outcome else 'Failed' end,
           ended_at = case when $7::text is null then ended_at else clock_timestamp() end
         from held where a.job_id = held.job_id and a.claim = held.claims and ($6::jsonb is not null or $7::text is not null))
       select job_id from held`,
      [
        jobId,
        claim,
        leaseMs,
        progress ?? null,
        stage ?? null,
        stages === undefined ? null : JSON.stringify(stages),
        failure ?? null,
      ],
    ),
  )
  return rowCount === 1
}

/** State of a job that is no longer run by a worker. Its queue may have been paused in the meantime. */
const WAITING_STATE = `case when (select q.state from queues q where q.queue_id = j.queue_id) = 'Paused'
  then 'Pause' else 'Submitted' end`

/**
 * Returns a job to the queue at shutdown: it waits again, is dispatched at once, and this attempt does not count. False
 * if the worker has lost the job.
 */
export async function releaseJob(db: Database, { jobId, claim }: JobFence): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `update jobs j set state = ${WAITING_STATE}, attempts = attempts - 1, lease_until = null, worker_id = null,
       stage = '', progress = 0, dispatched_at = '-infinity'
     where job_id = $1 and claims = $2 and state = 'Running'`,
    [jobId, claim],
  )
  return rowCount === 1
}

/**
 * Lets a running job wait until its lease ends, without counting this attempt: what it needs is away. False if it has ended
 * or was claimed by another worker.
 */
export async function postponeJob(
  db: Database,
  { jobId, claim }: JobFence,
  { leaseMs }: { readonly leaseMs: number },
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `update jobs set attempts = attempts - 1, stage = '', progress = 0,
       lease_until = clock_timestamp() + $3 * interval '1 millisecond'
     where job_id = $1 and claims = $2 and state = 'Running'`,
    [jobId, claim, leaseMs],
  )
  return rowCount === 1
}

/** Maximum number of jobs per call. */
const EXPIRE_LIMIT = 100

/**
 * Requeues running jobs whose lease has expired, or fails them after the last attempt. A lease counts as expired in its
 * last instant, as it does for a claim, because the clock of the embedded database counts whole milliseconds.
 */
export function expireLeases(db: Database): Promise<{ requeued: string[]; failed: string[] }> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<{ jobId: string; attempts: number }>(
      `select job_id as "jobId", attempts from jobs where state = 'Running' and lease_until <= clock_timestamp()
       order by job_id limit $1 for update skip locked`,
      [EXPIRE_LIMIT],
    )
    const failed = rows.filter(({ attempts }) => attempts >= MAX_ATTEMPTS).map(({ jobId }) => jobId)
    const requeued = rows.filter(({ attempts }) => attempts < MAX_ATTEMPTS).map(({ jobId }) => jobId)
    for (const jobId of failed) await failExhausted(client, jobId)
    if (requeued.length > 0) {
      await client.query(
        `update jobs j set state = ${WAITING_STATE}, lease_until = null, worker_id = null, stage = '', progress = 0,
           dispatched_at = '-infinity'
         where job_id = any($1)`,
        [requeued],
      )
    }
    return { requeued, failed }
  })
}
