import type { JobOrigin } from '@kinoprint/core'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import { finishJob } from './finish-job.ts'
import { JOB_COLUMNS, type Job, type JobFence, type JobRow, MAX_ATTEMPTS, toJob } from './job.ts'

export type ClaimOutcome =
  | { readonly kind: 'run'; readonly job: Job; readonly fence: JobFence; readonly origin: JobOrigin }
  /** The job cannot run. Any change that makes it runnable also dispatches it again. */
  | { readonly kind: 'skip'; readonly reason: 'unknown' | 'ended' | 'paused' | 'failed' }
  | { readonly kind: 'later'; readonly delayMs: number }

export type ClaimOptions = {
  readonly jobId: string
  /** Identifies the worker to operators. */
  readonly workerId: string
  /** Another worker may claim the job after this long without a heartbeat. */
  readonly leaseMs: number
}

/** When to retry a claim while the queue runs MaxConcurrent jobs. */
const QUEUE_FULL_DELAY_MS = 1_000
/** Added to the remaining lease, so that it has expired by the next claim. */
const LEASE_MARGIN_MS = 50

/** What the function `claim_job` of the migrations returns. Columns of the job are null unless the outcome is `run`. */
type ClaimRow = JobRow & {
  readonly outcome: 'unknown' | 'paused' | 'ended' | 'held' | 'exhausted' | 'full' | 'run'
  readonly leaseLeftMs: number | null
  readonly claims: number
  readonly origin: JobOrigin | null
}

/** Claims a job for a worker if it may run now; otherwise `later` with a delay, or `skip`. */
export async function claimJob(
  db: Database,
  { jobId, workerId, leaseMs }: ClaimOptions,
): Promise<ClaimOutcome> {
  const { rows } = await db.pool.query<ClaimRow>(
    `select c.outcome, c.lease_left_ms as "leaseLeftMs", ${JOB_COLUMNS}, j.claims, (
       select json_build_object('requestId', o.request_id, 'traceParent', o.trace_parent)
       from job_origins o where o.job_id = j.job_id
     ) as origin
     from claim_job($1, $2, $3, $4) c cross join lateral (select (c.job).*) j`,
    [jobId, workerId, leaseMs, MAX_ATTEMPTS],
  )
  if (rows[0] === undefined) throw new Error('The database returned no outcome for a claim.')
  const { outcome, leaseLeftMs, claims, origin, ...row } = rows[0]
  switch (outcome) {
    case 'run':
      return {
        kind: 'run',
        job: toJob(row),
        fence: { jobId, claim: claims },
        origin: origin ?? { requestId: null, traceParent: null },
      }
    case 'held':
      return { kind: 'later', delayMs: Math.ceil(leaseLeftMs ?? 0) + LEASE_MARGIN_MS }
    case 'full':
      return { kind: 'later', delayMs: QUEUE_FULL_DELAY_MS }
    case 'exhausted':
      await transaction(db, (client) => failIfExhausted(client, jobId))
      return { kind: 'skip', reason: 'failed' }
    default:
      return { kind: 'skip', reason: outcome }
  }
}

/** Fails a job unless it has been retried or has ended since its claim. */
async function failIfExhausted(client: pg.PoolClient, jobId: string): Promise<void> {
  const { rowCount } = await client.query(
    `select from jobs where job_id = $1 and attempts >= $2
       and (state = 'Submitted' or state = 'Running' and lease_until <= clock_timestamp()) for update`,
    [jobId, MAX_ATTEMPTS],
  )
  if (rowCount === 1) await failExhausted(client, jobId)
}

/** Fails a job whose workers died too often. The caller has locked its row. */
export async function failExhausted(client: pg.PoolClient, jobId: string): Promise<void> {
  const { rows } = await client.query(
    `select job_id as "jobId", rule_type as "ruleType", dna_db_id as "dnaDbId", secret_id as "secretId"
     from jobs where job_id = $1`,
    [jobId],
  )
  await finishJob(client, rows[0], {
    state: 'Failed',
    code: 'InternalError',
    message: `The worker died in all ${MAX_ATTEMPTS} attempts at this job. Check the worker's log, then retry the job.`,
    cause: null,
  })
}
