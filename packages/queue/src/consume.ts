import { setTimeout as delay } from 'node:timers/promises'
import { createThrottledWarnings, errorText, type Log } from '@kinoprint/core'
import { DelayedError, type IQueueBackend, type Job, type JobProgress, WaitingError, Worker } from 'bullmq'
import { openBackend } from './backend.ts'
import type { Payload } from './open-queue.ts'
import { DEFAULT_QUEUE_NAME, type QueueOptions, REDIS_PREFIX } from './queue-options.ts'

/**
 * What the queue does with a job after its handler returns: forget it, or deliver it again. Results are in the job's
 * row.
 */
export type Outcome = { readonly kind: 'done' } | { readonly kind: 'later'; readonly delayMs: number }

/** `signal` is aborted when the consumer closes. Then stop the work and return `later`. */
export type Handler = (jobId: string, context: { readonly signal: AbortSignal }) => Promise<Outcome>

export type ConsumeOptions = {
  /** Number of jobs that run at once, 1 or more. */
  readonly concurrency: number
  readonly handler: Handler
  readonly log: Log
}

export type Consumer = {
  /** Ids of the jobs whose handlers are running. */
  running(): readonly string[]
  /** Stops taking jobs, aborts the signals, waits, and after `timeoutMs` abandons the jobs that are still running. */
  close(options: { readonly timeoutMs: number }): Promise<void>
}

/**
 * Another worker takes over the job of a dead one when the lock has expired and the next check for stalled jobs finds
 * it: within LOCK_MS and two checks, 10 s. A lock lasts for three renewals, so that an event loop may pause for
 * seconds. If the lock is lost nevertheless, the lease in the job's row keeps the work from running twice.
 */
const LOCK_MS = 6_000
const LOCK_RENEW_MS = 2_000
const STALLED_CHECK_MS = 2_000
/** Attempts are counted in the job's row, so BullMQ's own count must never end a job. */
const UNLIMITED_STALLS = 1_000_000
const IDLE_POLL_SECONDS = 5
const RECONNECT_PAUSE_MS = 1_000
/** A handler that throws has a bug, or depends on a server that is unavailable. */
const DELAY_AFTER_THROW_MS = 5_000
/** Keeps a handler that always returns `later` without a delay from spinning. */
const SHORTEST_DELAY_MS = 50
/** A job deferred beyond CLOCK_TOLERANCE_MS would count as lost. */
const LONGEST_DELAY_MS = 20_000

/**
 * Runs `handler` for each job of the queue, highest level first. Resolves once it is connected.
 *
 * @example
 * const consumer = await consume({ redisUrl }, { concurrency: 2, log, handler: async (jobId) => ({ kind: 'done' }) })
 * await consumer.close({ timeoutMs: 8_000 })
 */
export async function consume(
  options: QueueOptions,
  { concurrency, handler, log }: ConsumeOptions,
): Promise<Consumer> {
  const backend = await openBackend(options, { role: 'worker', log })
  const running = new Map<string, AbortController>()
  let closing: Promise<void> | null = null

  const worker: QueueWorker = new Worker(
    options.name ?? DEFAULT_QUEUE_NAME,
    async (job: QueueJob, token) => {
      const controller = new AbortController()
      running.set(job.data.jobId, controller)
      // Fetched just before the consumer began to close. It is returned like the running jobs.
      if (closing) controller.abort()
      try {
        const outcome = await runHandler(handler, { jobId: job.data.jobId, signal: controller.signal, log })
        if (outcome.kind === 'later') await returnJob(job, token, { outcome, atOnce: closing !== null, log })
      } finally {
        running.delete(job.data.jobId)
      }
    },
    {
      connection: {},
      prefix: REDIS_PREFIX,
      concurrency,
      lockDuration: LOCK_MS,
      lockRenewTime: LOCK_RENEW_MS,
      stalledInterval: STALLED_CHECK_MS,
      maxStalledCount: UNLIMITED_STALLS,
      drainDelay: IDLE_POLL_SECONDS,
      runRetryDelay: RECONNECT_PAUSE_MS,
    },
    backend.factory,
  )
  const warnings = createThrottledWarnings(log)
  worker.on('error', (error) => warnings.warn(error, 'Job queue failed'))
  worker.on('stalled', (jobId) => log.warn({ jobId }, 'Took over a job whose worker died'))
  await worker.waitUntilReady()

  return {
    running: () => [...running.keys()],
    close: ({ timeoutMs }) => {
      closing ??= closeWorker(worker, { running, timeoutMs, log }).then(() => backend.close())
      return closing
    },
  }
}

type QueueJob = Job<Payload, void, string>
type QueueWorker = Worker<Payload, void, string, IQueueBackend, JobProgress, object>

async function runHandler(
  handler: Handler,
  { jobId, signal, log }: { jobId: string; signal: AbortSignal; log: Log },
): Promise<Outcome> {
  try {
    return await handler(jobId, { signal })
  } catch (error) {
    if (!signal.aborted) log.error({ jobId, err: error }, 'Job handler threw; the job will be retried')
    return { kind: 'later', delayMs: DELAY_AFTER_THROW_MS }
  }
}

/** Always throws, because BullMQ recognises by its own errors that a job has been moved. */
async function returnJob(
  job: QueueJob,
  token: string | undefined,
  { outcome, atOnce, log }: { outcome: { delayMs: number }; atOnce: boolean; log: Log },
): Promise<never> {
  const delayMs = Math.min(Math.max(outcome.delayMs, SHORTEST_DELAY_MS), LONGEST_DELAY_MS)
  try {
    // When this worker closes, other workers can take the job without waiting for a delay.
    if (atOnce) await job.moveToWait(token)
    else await job.moveToDelayed(Date.now() + delayMs, token)
  } catch (error) {
    // The lock or the server has gone. The check for stalled jobs returns this job.
    const fields = { jobId: job.data.jobId, error: errorText(error) }
    log.warn(fields, 'Could not return a job to the queue; another worker will take it over')
  }
  throw atOnce ? new WaitingError() : new DelayedError()
}

async function closeWorker(
  worker: QueueWorker,
  { running, timeoutMs, log }: { running: Map<string, AbortController>; timeoutMs: number; log: Log },
): Promise<void> {
  const closed = worker.close().then(() => true)
  closed.catch(() => undefined)
  for (const controller of running.values()) controller.abort()
  const timer = new AbortController()
  const timedOut = delay(timeoutMs, false, { signal: timer.signal }).catch(() => false)
  const isClosed = await Promise.race([closed, timedOut])
  timer.abort()
  if (isClosed) return
  log.warn({ jobIds: [...running.keys()] }, 'Closed while jobs were running; another worker takes them over')
  void worker.disconnect().catch(() => undefined)
}
