import type { JobState } from '@kinoprint/core'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import { finishJob } from './finish-job.ts'
import { type Job, type JobFence, MAX_ATTEMPTS } from './job.ts'
import { JOB_COLUMNS, type JobRow, toJob } from './job-row.ts'

export type Claim =
  | { readonly kind: 'run'; readonly job: Job; readonly fence: JobFence }
  /** Nothing to do with it now: whoever makes it runnable again dispatches it again. */
  | { readonly kind: 'skip'; readonly reason: 'unknown' | 'ended' | 'paused' | 'failed' }
  | { readonly kind: 'later'; readonly delayMs: number }

export type ClaimOptions = {
  readonly jobId: string
  /** Shown to the operator. */
  readonly workerId: string
  /** The job is another's to take when no heartbeat came for this long. */
  readonly leaseMs: number
}

/** How soon to ask again while the job's queue runs as many as it may. */
const QUEUE_FULL_DELAY_MS = 1_000
/** A moment more than the lease, so that the next look finds it run out. */
const LEASE_MARGIN_MS = 50

type Found = {
  readonly state: JobState
  readonly attempts: number
  /** Of a running job, negative once it has run out. */
  readonly leaseLeftMs: number | null
}

type Queue = { readonly queueId: string; readonly state: 'Active' | 'Paused'; readonly maxConcurrent: number }

/**
 * Takes a job for a worker, if it may run now. Claims of one queue go one after the other behind its row, so
 * that its MaxConcurrent holds over all workers and no job is ever given to two.
 */
export const claimJob = (db: Database, options: ClaimOptions): Promise<Claim> =>
  transaction(db, async (client) => {
    const queue = await lockQueueOf(client, options.jobId)
    if (queue === null) return { kind: 'skip', reason: 'unknown' }
    const found = await lockJob(client, options.jobId)
    const refusal = found === null ? skip('unknown') : await refuse(client, { queue, found, options })
    return refusal ?? take(client, options)
  })

const skip = (reason: 'unknown' | 'ended' | 'paused' | 'failed'): Claim => ({ kind: 'skip', reason })

const lockQueueOf = async (client: pg.PoolClient, jobId: string): Promise<Queue | null> => {
  const { rows } = await client.query<Queue>(
    `select queue_id as "queueId", state, max_concurrent as "maxConcurrent" from queues
     where queue_id = (select queue_id from jobs where job_id = $1) for update`,
    [jobId],
  )
  return rows[0] ?? null
}

const lockJob = async (client: pg.PoolClient, jobId: string): Promise<Found | null> => {
  const { rows } = await client.query<Found>(
    `select state, attempts,
       (extract(epoch from lease_until - clock_timestamp()) * 1000)::double precision as "leaseLeftMs"
     from jobs where job_id = $1 for update`,
    [jobId],
  )
  return rows[0] ?? null
}

type Refusal = { readonly queue: Queue; readonly found: Found; readonly options: ClaimOptions }

/** Why the job cannot be taken now; null where it can. */
const refuse = async (client: pg.PoolClient, { queue, found, options }: Refusal): Promise<Claim | null> => {
  const { jobId } = options
  if (found.state === 'Pause') return skip('paused')
  if (found.state !== 'Submitted' && found.state !== 'Running') return skip('ended')
  const leaseLeftMs = found.leaseLeftMs ?? 0
  if (found.state === 'Running' && leaseLeftMs > 0) {
    return { kind: 'later', delayMs: Math.ceil(leaseLeftMs) + LEASE_MARGIN_MS }
  }
  if (found.attempts >= MAX_ATTEMPTS) {
    await failExhausted(client, jobId)
    return skip('failed')
  }
  // A job whose worker died keeps the place that it has.
  if (found.state === 'Running') return null
  if (queue.state === 'Paused') {
    await client.query(`update jobs set state = 'Pause' where job_id = $1`, [jobId])
    return skip('paused')
  }
  const full = (await countRunning(client, queue.queueId)) >= queue.maxConcurrent
  return full ? { kind: 'later', delayMs: QUEUE_FULL_DELAY_MS } : null
}

const countRunning = async (client: pg.PoolClient, queueId: string): Promise<number> => {
  const { rows } = await client.query<{ running: number }>(
    `select count(*)::int as running from jobs where queue_id = $1 and state = 'Running'`,
    [queueId],
  )
  return rows[0]?.running ?? 0
}

/** The job's bucket and key have had their turn. Always the bucket first, so that no two claims wait for each other. */
const noteTurn = async (client: pg.PoolClient, { bucket, secretId }: Job): Promise<void> => {
  await client.query(
    `insert into turns (kind, name, turn)
     values ('bucket', $1, nextval('turn_numbers')), ('key', $2, nextval('turn_numbers'))
     on conflict (kind, name) do update set turn = excluded.turn`,
    [bucket, secretId ?? ''],
  )
}

const take = async (client: pg.PoolClient, { jobId, workerId, leaseMs }: ClaimOptions): Promise<Claim> => {
  const { rows } = await client.query<JobRow & { claims: number }>(
    `update jobs j set state = 'Running', attempts = attempts + 1, claims = claims + 1, worker_id = $2,
       lease_until = clock_timestamp() + $3 * interval '1 millisecond', stage = '', progress = 0,
       started_at = coalesce(started_at, clock_timestamp())
     where job_id = $1 returning ${JOB_COLUMNS}, j.claims`,
    [jobId, workerId, leaseMs],
  )
  if (rows[0] === undefined) return skip('unknown')
  const { claims, ...row } = rows[0]
  const job = toJob(row)
  await noteTurn(client, job)
  return { kind: 'run', job, fence: { jobId, claim: claims } }
}

/** The caller has locked the job's row. */
export const failExhausted = async (client: pg.PoolClient, jobId: string): Promise<void> => {
  const { rows } = await client.query(
    `select job_id as "jobId", rule_type as "ruleType", dna_db_id as "dnaDbId", secret_id as "secretId"
     from jobs where job_id = $1`,
    [jobId],
  )
  await finishJob(client, rows[0], {
    state: 'Failed',
    code: 'InternalError',
    message: `The worker died ${MAX_ATTEMPTS} times while it ran this job.`,
    cause: null,
  })
}
