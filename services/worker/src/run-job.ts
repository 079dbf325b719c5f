import { setTimeout as delay } from 'node:timers/promises'
import { errorText, Fault, type OpenSpan, type RuleType } from '@kinoprint/core'
import { logFailure } from '@kinoprint/engine'
import type { Outcome } from '@kinoprint/queue'
import {
  claimJob,
  failJob,
  heartbeat,
  isDatabaseUnavailable,
  type Job,
  type JobFence,
  MAX_ATTEMPTS,
  missingShards,
  postponeJob,
  releaseJob,
  ShardUnavailable,
  toleratingShards,
} from '@kinoprint/store'
import { runDeleteVideoJob } from './jobs/delete-video-job.ts'
import { holdBackFloods } from './jobs/hold-back-floods.ts'
import type { JobContext, JobHandler } from './jobs/job-context.ts'
import { runSearchJob } from './jobs/search-job.ts'
import { runStoreVideoJob } from './jobs/store-video-job.ts'
import { type LeaseHeartbeat, startLeaseHeartbeat } from './lease-heartbeat.ts'
import { observeAttempt } from './observe-attempt.ts'
import { retryWhileUnavailable } from './retry-while-unavailable.ts'
import type { WorkerMetrics } from './worker-metrics.ts'

/** Lease duration: a running job that is not renewed for this long may be claimed by another worker. */
const LEASE_MS = 10_000
/** Delay before the first retry of a job that failed because of a bug or an unavailable server. Doubles each time. */
const RETRY_BASE_MS = 1_000
/** Pause before the next job while the database is unavailable. */
const DATABASE_PAUSE_MS = 1_000
/** Pause before a job whose shard is away runs again. */
const SHARD_PAUSE_MS = 15_000
/** Delay between the expiry of the lease and the next delivery. */
const AFTER_LEASE_MS = 200

const handlers: Record<RuleType, JobHandler> = {
  GetFingerPrint: runStoreVideoJob,
  FindSimilarVideo: runSearchJob,
  DeleteFingerPrint: runDeleteVideoJob,
}

export type RunJobOptions = {
  readonly jobId: string
  readonly workerId: string
  /** Aborted when the worker shuts down: the job goes back to the queue. */
  readonly signal: AbortSignal
  readonly metrics: WorkerMetrics
}

export type JobRun = {
  /** False if the job could not be claimed. Another job may then run for the same queue entry. */
  readonly settled: boolean
  /** What to do with the queue entry. */
  readonly outcome: Outcome
}

/** Claims a job and runs it to its end. Its row decides whether it still has to run. */
export async function runJob(context: JobContext, options: RunJobOptions): Promise<JobRun> {
  try {
    return await claimAndRun(context, options)
  } catch (error) {
    return { settled: true, outcome: await waitForDatabase(context, error, options) }
  }
}

/** If the database is unavailable, pauses and returns the queue entry to the queue. Throws any other error. */
export async function waitForDatabase(
  { log }: Pick<JobContext, 'log'>,
  error: unknown,
  { jobId, signal }: Pick<RunJobOptions, 'jobId' | 'signal'>,
): Promise<Outcome> {
  if (!isDatabaseUnavailable(error)) throw error
  logFailure(log, error, {
    message: 'The database is unavailable; jobs are waiting for it',
    fields: { jobId },
  })
  // Without the pause, the worker would cycle through the whole queue.
  await delay(DATABASE_PAUSE_MS, undefined, { signal }).catch(() => undefined)
  return { kind: 'later', delayMs: 0 }
}

async function claimAndRun(
  ofWorker: JobContext,
  { jobId, workerId, signal, metrics }: RunJobOptions,
): Promise<JobRun> {
  // A search that lacks a shard answers what the others know.
  const context = { ...ofWorker, db: toleratingShards(ofWorker.db) }
  const { db, log } = context
  if (signal.aborted) return { settled: true, outcome: { kind: 'later', delayMs: 0 } }
  const claim = await claimJob(db, { jobId, workerId, leaseMs: LEASE_MS })
  if (claim.kind === 'later') return { settled: false, outcome: claim }
  if (claim.kind === 'skip') {
    log.debug({ jobId, reason: claim.reason }, 'Skipped a delivery')
    return { settled: false, outcome: { kind: 'done' } }
  }
  const { job, fence, origin } = claim
  const lease = startLeaseHeartbeat(db, fence, { leaseMs: LEASE_MS, log })
  const attempt = { job, origin, workerId, metrics, stages: lease.stageTimes }
  try {
    const outcome = await observeAttempt(attempt, (span) =>
      runClaimed(context, { job, fence, lease, signal, metrics, span }),
    )
    return { settled: true, outcome }
  } finally {
    lease.stop()
    await lease.saveStages()
  }
}

async function runClaimed(context: JobContext, claimed: Claimed): Promise<Outcome> {
  const { db, log } = context
  const { job, fence, lease, signal, metrics } = claimed
  const startedMs = performance.now()
  const secondsSinceStart = (): number => (performance.now() - startedMs) / 1000
  const { jobId, ruleType } = job
  try {
    await handlers[ruleType](context, {
      job,
      fence,
      signal: AbortSignal.any([signal, lease.lost]),
      onProgress: lease.onProgress,
      onNote: (note) => log.warn({ jobId, note }, 'Skipped part of a file'),
    })
    const seconds = secondsSinceStart()
    metrics.jobEnded({ ruleType, state: 'Success', seconds, sinceSubmission: secondsSinceSubmission(job) })
    const missing = missingShards(db)
    if (missing.length > 0) {
      metrics.jobPartial?.({ ruleType })
      log.warn({ jobId, shards: missing }, 'Job did without shards that are away')
    }
    log.info({ jobId, ruleType, seconds }, 'Job succeeded')
    await holdBackFloods(context, jobId)
    return { kind: 'done' }
  } catch (error) {
    lease.stop()
    return handleFailure(context, { ...claimed, error, seconds: secondsSinceStart() })
  }
}

function secondsSinceSubmission({ createdAt }: Pick<Job, 'createdAt'>): number {
  // The clocks of the database and of this machine may differ.
  return Math.max(0, (Date.now() - createdAt.getTime()) / 1000)
}

type Claimed = {
  readonly job: Job
  readonly fence: JobFence
  readonly lease: LeaseHeartbeat
  readonly signal: AbortSignal
  readonly metrics: WorkerMetrics
  readonly span: OpenSpan
}

type Failure = Claimed & { readonly error: unknown; readonly seconds: number }

async function handleFailure(context: JobContext, failure: Failure): Promise<Outcome> {
  const { db, log } = context
  const { job, fence, error, lease, signal } = failure
  const { jobId, attempts } = job
  failure.span.fail(error instanceof Fault ? error.code : 'InternalError')
  // A cancelled job is noticed at the next renewal of its lease, or at once by a write under the fence.
  if (lease.lost.aborted || (error instanceof Fault && error.code === 'Cancelled' && !signal.aborted)) {
    log.warn({ jobId }, 'Abandoned a job that was cancelled or taken over by another worker')
    return { kind: 'done' }
  }
  if (signal.aborted) {
    await releaseJob(db, fence)
    log.info({ jobId }, 'Returned a running job to the queue')
    return { kind: 'later', delayMs: 0 }
  }
  if (error instanceof ShardUnavailable) {
    await postponeJob(db, fence, { leaseMs: SHARD_PAUSE_MS })
    log.warn({ jobId, reason: error.message }, 'A job waits, because its shard is away')
    return { kind: 'later', delayMs: SHARD_PAUSE_MS + AFTER_LEASE_MS }
  }
  const isExpected = error instanceof Fault && !error.retryable
  return isExpected || attempts >= MAX_ATTEMPTS ? fail(context, failure) : retryLater(context, failure)
}

/**
 * Shortens the lease, so that the next delivery takes over the job after a delay. Releasing the job instead would not
 * count this attempt.
 */
async function retryLater(
  { db, log }: JobContext,
  { job: { jobId, ruleType, attempts }, fence, error, signal }: Failure,
): Promise<Outcome> {
  const message = 'Job failed; will retry'
  const fields = { jobId, ruleType, attempts }
  if (isDatabaseUnavailable(error)) logFailure(log, error, { message, fields })
  else log.error({ ...fields, err: error }, message)
  const failure = error instanceof Fault ? error.code : 'InternalError'
  const delayMs = RETRY_BASE_MS * 2 ** (attempts - 1)
  const shortenLease = () => heartbeat(db, fence, { leaseMs: delayMs, failure })
  await retryWhileUnavailable(shortenLease, { limitMs: LEASE_MS, signal })
  return { kind: 'later', delayMs: delayMs + AFTER_LEASE_MS }
}

async function fail(
  { db, log }: JobContext,
  { job, fence, error, metrics, seconds }: Failure,
): Promise<Outcome> {
  const { jobId, ruleType, attempts } = job
  const report = reportOf(error)
  await failJob(db, fence, report)
  const sinceSubmission = secondsSinceSubmission(job)
  metrics.jobEnded({ ruleType, state: 'Failed', seconds, sinceSubmission, code: report.code })
  if (error instanceof Fault)
    log.info({ jobId, ruleType, code: error.code, reason: error.message }, 'Job failed')
  else log.error({ jobId, ruleType, attempts, err: error }, 'Job failed after its last attempt')
  return { kind: 'done' }
}

/** The client's error. The text of a bug stays in the log and in the cause, which only the administrator sees. */
function reportOf(error: unknown): { code: string; message: string; cause: string | null } {
  if (error instanceof Fault)
    return { code: error.code, message: error.message, cause: causeText(error.cause) }
  return {
    code: 'InternalError',
    message: `The job failed ${MAX_ATTEMPTS} times because of an internal error.`,
    cause: causeText(error),
  }
}

function causeText(cause: unknown): string | null {
  return cause === undefined || cause === null ? null : errorText(cause)
}
