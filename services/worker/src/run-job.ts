import { setTimeout as delay } from 'node:timers/promises'
import { Fault, type RuleType } from '@kinoprint/core'
import type { Outcome } from '@kinoprint/queue'
import {
  claimJob,
  failJob,
  heartbeat,
  isDatabaseUnavailable,
  type Job,
  type JobFence,
  MAX_ATTEMPTS,
  releaseJob,
} from '@kinoprint/store'
import { type Heart, startHeart } from './heart.ts'
import type { JobContext, RunRule } from './job-run.ts'
import { outlast } from './outlast.ts'
import { runDelete } from './rules/delete.ts'
import { runFind } from './rules/find.ts'
import { runRegister } from './rules/register.ts'
import { warnOf } from './warn-of.ts'
import type { WorkerMetrics } from './worker-metrics.ts'

/** Without a heartbeat for so long a running job counts as lost and another worker may take it. */
const LEASE_MS = 10_000
/** Pauses before a job that met a bug or an absent server is tried again: 1, 2, 4, 8 s. */
const RETRY_BASE_MS = 1_000
/** Between two looks at a database that is away. */
const AWAY_PAUSE_MS = 1_000
/** The delivery comes a little after the lease has ended. */
const AFTER_LEASE_MS = 200

const rules: Record<RuleType, RunRule> = {
  GetFingerPrint: runRegister,
  FindSimilarVideo: runFind,
  DeleteFingerPrint: runDelete,
}

export type RunJobOptions = {
  readonly jobId: string
  readonly workerId: string
  /** Aborted when the worker shuts down: the job goes back to the queue. */
  readonly signal: AbortSignal
  readonly metrics: WorkerMetrics
}

/** Whether the job was taken, and what becomes of the queue's entry that led to it. */
export type Attempt = { readonly taken: boolean; readonly outcome: Outcome }

/** Claims a job and runs it to its end. The row decides whether there is anything to do. */
export const runJob = async (context: JobContext, options: RunJobOptions): Promise<Attempt> => {
  try {
    return await takeJob(context, options)
  } catch (error) {
    return { taken: true, outcome: await whenDatabaseIsBack(context, error, options) }
  }
}

/** The answer to an entry that met a database that is away, after a pause; any other error is thrown again. */
export const whenDatabaseIsBack = async (
  { log }: Pick<JobContext, 'log'>,
  error: unknown,
  { jobId, signal }: Pick<RunJobOptions, 'jobId' | 'signal'>,
): Promise<Outcome> => {
  if (!isDatabaseUnavailable(error)) throw error
  warnOf(log, error, 'The database is away: jobs wait for it', { jobId })
  // It is not given back before: the worker would only run through the whole queue and back.
  await delay(AWAY_PAUSE_MS, undefined, { signal }).catch(() => undefined)
  return { kind: 'later', delayMs: 0 }
}

const takeJob = async (
  context: JobContext,
  { jobId, workerId, signal, metrics }: RunJobOptions,
): Promise<Attempt> => {
  const { db, log } = context
  if (signal.aborted) return { taken: true, outcome: { kind: 'later', delayMs: 0 } }
  const claim = await claimJob(db, { jobId, workerId, leaseMs: LEASE_MS })
  if (claim.kind === 'later') return { taken: false, outcome: claim }
  if (claim.kind === 'skip') {
    log.debug({ jobId, reason: claim.reason }, 'Nothing to do for this delivery')
    return { taken: false, outcome: { kind: 'done' } }
  }
  const { job, fence } = claim
  const heart = startHeart(db, fence, { leaseMs: LEASE_MS, log })
  const started = performance.now()
  try {
    const working = AbortSignal.any([signal, heart.lost])
    const onNote = (note: string): void => log.warn({ jobId, note }, 'A part of a file was left out')
    await rules[job.ruleType](context, { job, fence, signal: working, report: heart.report, onNote })
    const seconds = (performance.now() - started) / 1000
    metrics.jobEnded({ ruleType: job.ruleType, state: 'Success', seconds })
    log.info({ jobId, ruleType: job.ruleType, seconds }, 'A job succeeded')
    return { taken: true, outcome: { kind: 'done' } }
  } catch (error) {
    const outcome = await afterFailure(context, { job, fence, error, heart, signal, metrics, started })
    return { taken: true, outcome }
  } finally {
    heart.stop()
  }
}

type Failure = {
  readonly job: Job
  readonly fence: JobFence
  readonly error: unknown
  readonly heart: Heart
  readonly signal: AbortSignal
  readonly metrics: WorkerMetrics
  readonly started: number
}

const afterFailure = async (
  { db, log }: JobContext,
  { job, fence, error, heart, signal, metrics, started }: Failure,
): Promise<Outcome> => {
  const { jobId, ruleType, attempts } = job
  heart.stop()
  // The heart sees it at its next beat; a write under the fence sees it at once.
  if (heart.lost.aborted || (error instanceof Fault && error.code === 'Cancelled' && !signal.aborted)) {
    log.warn({ jobId }, 'This job was cancelled or is in the hands of another worker: left alone')
    return { kind: 'done' }
  }
  if (signal.aborted) {
    await releaseJob(db, fence)
    log.info({ jobId }, 'A running job goes back to the queue')
    return { kind: 'later', delayMs: 0 }
  }
  const expected = error instanceof Fault && !error.retryable
  if (!expected && attempts < MAX_ATTEMPTS) {
    const trouble = 'A job failed and is tried again'
    if (isDatabaseUnavailable(error)) warnOf(log, error, trouble, { jobId, ruleType, attempts })
    else log.error({ jobId, ruleType, attempts, err: error }, trouble)
    // A release would not count this attempt. A lease that ends soon does: the next delivery takes the job over.
    const delayMs = RETRY_BASE_MS * 2 ** (attempts - 1)
    await outlast(() => heartbeat(db, fence, { leaseMs: delayMs }), { limitMs: LEASE_MS, signal })
    return { kind: 'later', delayMs: delayMs + AFTER_LEASE_MS }
  }
  const { code, message, cause } = failureOf(error)
  await failJob(db, fence, { code, message, cause })
  metrics.jobEnded({ ruleType, state: 'Failed', seconds: (performance.now() - started) / 1000 })
  if (error instanceof Fault) log.info({ jobId, ruleType, code, reason: message }, 'A job failed')
  else log.error({ jobId, ruleType, attempts, err: error }, 'A job failed for good')
  return { kind: 'done' }
}

/** What the client reads: a bug's own words stay in the log, and in the cause that the administrator sees. */
const failureOf = (error: unknown): { code: string; message: string; cause: string | null } => {
  if (error instanceof Fault) return { code: error.code, message: error.message, cause: causeOf(error.cause) }
  return {
    code: 'InternalError',
    message: `The job failed ${MAX_ATTEMPTS} times by an internal error.`,
    cause: causeOf(error),
  }
}

const causeOf = (cause: unknown): string | null =>
  cause === undefined || cause === null ? null : cause instanceof Error ? cause.message : String(cause)
