import type { JobOrigin, JobState } from '@kinoprint/core'
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

type JobStatus = {
  readonly state: JobState
  readonly attempts: number
  /** Remaining lease of a running job; negative once it has expired. */
  readonly leaseLeftMs: number | null
}

type QueueLimits = {
  readonly queueId: string
  readonly state: 'Active' | 'Paused'
  readonly maxConcurrent: number
}

/**
 * Claims a job for a worker if it may run now; otherwise `later` with a delay, or `skip`. Claims lock the job's queue, so
 * that MaxConcurrent holds over all workers and no job goes to two of them.
 */
export function claimJob(db: Database, options: ClaimOptions): Promise<ClaimOutcome> {
  return transaction(db, async (client) => {
    const queue = await lockQueueOf(client, options.jobId)
    if (queue === null) return { kind: 'skip', reason: 'unknown' }
    const status = await lockStatus(client, options.jobId)
    const refusal = status === null ? skip('unknown') : await refusalOf(client, { queue, status, options })
    return refusal ?? startRun(client, options)
  })
}

function skip(reason: 'unknown' | 'ended' | 'paused' | 'failed'): ClaimOutcome {
  return { kind: 'skip', reason }
}

async function lockQueueOf(client: pg.PoolClient, jobId: string): Promise<QueueLimits | null> {
  const { rows } = await client.query<QueueLimits>(
    `select queue_id as "queueId", state, max_concurrent as "maxConcurrent" from queues
     where queue_id = (select queue_id from jobs where job_id = $1) for update`,
    [jobId],
  )
  return rows[0] ?? null
}

async function lockStatus(client: pg.PoolClient, jobId: string): Promise<JobStatus | null> {
  const { rows } = await client.query<JobStatus>(
    `select state, attempts,
       (extract(epoch from lease_until - clock_timestamp()) * 1000)::double precision as "leaseLeftMs"
     from jobs where job_id = $1 for update`,
    [jobId],
  )
  return rows[0] ?? null
}

type ClaimCheck = { readonly queue: QueueLimits; readonly status: JobStatus; readonly options: ClaimOptions }

/** Why the job cannot be claimed now; null if it can. */
async function refusalOf(
  client: pg.PoolClient,
  { queue, status, options }: ClaimCheck,
): Promise<ClaimOutcome | null> {
  const { jobId } = options
  if (status.state === 'Pause') return skip('paused')
  if (status.state !== 'Submitted' && status.state !== 'Running') return skip('ended')
  const leaseLeftMs = status.leaseLeftMs ?? 0
  if (status.state === 'Running' && leaseLeftMs > 0) {
    return { kind: 'later', delayMs: Math.ceil(leaseLeftMs) + LEASE_MARGIN_MS }
  }
  if (status.attempts >= MAX_ATTEMPTS) {
    await failExhausted(client, jobId)
    return skip('failed')
  }
  // A job whose worker died is already counted in MaxConcurrent.
  if (status.state === 'Running') return null
  if (queue.state === 'Paused') {
    await client.query(`update jobs set state = 'Pause' where job_id = $1`, [jobId])
    return skip('paused')
  }
  const full = (await countRunning(client, queue.queueId)) >= queue.maxConcurrent
  return full ? { kind: 'later', delayMs: QUEUE_FULL_DELAY_MS } : null
}

async function countRunning(client: pg.PoolClient, queueId: string): Promise<number> {
  const { rows } = await client.query<{ running: number }>(
    `select count(*)::int as running from jobs where queue_id = $1 and state = 'Running'`,
    [queueId],
  )
  return rows[0]?.running ?? 0
}

/**
 * Records that the job's bucket and key were served. Every claim updates the bucket before the key, which prevents
 * deadlocks.
 */
async function recordTurn(client: pg.PoolClient, { bucket, secretId }: Job): Promise<void> {
  await client.query(
    `insert into turns (kind, name, turn)
     values ('bucket', $1, nextval('turn_numbers')), ('key', $2, nextval('turn_numbers'))
     on conflict (kind, name) do update set turn = excluded.turn`,
    [bucket, secretId ?? ''],
  )
}

async function startRun(
  client: pg.PoolClient,
  { jobId, workerId, leaseMs }: ClaimOptions,
): Promise<ClaimOutcome> {
  const { rows } = await client.query<JobRow & { claims: number; origin: JobOrigin | null }>(
    `update jobs j set state = 'Running', attempts = attempts + 1, claims = claims + 1, worker_id = $2,
       lease_until = clock_timestamp() + $3 * interval '1 millisecond', stage = '', progress = 0,
       started_at = coalesce(started_at, clock_timestamp())
     where job_id = $1 returning ${JOB_COLUMNS}, j.claims, (
       select json_build_object('requestId', o.request_id, 'traceParent', o.trace_parent)
       from job_origins o where o.job_id = j.job_id
     ) as origin`,
    [jobId, workerId, leaseMs],
  )
  if (rows[0] === undefined) return skip('unknown')
  const { claims, origin, ...row } = rows[0]
  const job = toJob(row)
  await recordTurn(client, job)
  return {
    kind: 'run',
    job,
    fence: { jobId, claim: claims },
    origin: origin ?? { requestId: null, traceParent: null },
  }
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
