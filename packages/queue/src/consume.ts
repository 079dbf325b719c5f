import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '@kinoprint/core'
import { DelayedError, type IQueueBackend, type Job, type JobProgress, WaitingError, Worker } from 'bullmq'
import { openBackend } from './backend.ts'
import type { Payload } from './open-queue.ts'
import { DEFAULT_QUEUE_NAME, type QueueOptions, REDIS_PREFIX } from './queue-options.ts'
import { quietLog } from './quiet-log.ts'

/** What becomes of a job in the queue. Its row says what became of the work. */
export type Outcome = { readonly kind: 'done' } | { readonly kind: 'later'; readonly delayMs: number }

/** `signal` is aborted when the consumer closes: give the job up and return `later`. */
export type Handler = (jobId: string, context: { readonly signal: AbortSignal }) => Promise<Outcome>

export type ConsumeOptions = {
  /** Jobs at once, 1 or more. */
  readonly concurrency: number
  readonly handler: Handler
  readonly log: Log
}

export type Consumer = {
  /** Ids of the jobs whose handlers run now. */
  running(): readonly string[]
  /** Takes no more jobs, aborts the signals, waits, and lets go after `timeoutMs` whatever still runs. */
  close(options: { readonly timeoutMs: number }): Promise<void>
}

/**
 * A job whose worker has died is taken over when its lock has run out and the next sweep sees it:
 * LOCK_MS + at most two sweeps = 10 s. The lock is renewed three times in its life, so that a pause of the event
 * loop of several seconds does no harm; and if it is lost all the same, the row's lease keeps the work single.
 */
const LOCK_MS = 6_000
const LOCK_RENEW_MS = 2_000
const SWEEP_MS = 2_000
/** Attempts are counted in the rows. BullMQ's own count must never be what ends a job. */
const NEVER_TOO_OFTEN = 1_000_000
const IDLE_POLL_SECONDS = 5
const RECONNECT_PAUSE_MS = 1_000
/** A handler that threw is a bug or a server that is away: its job waits so long. */
const AFTER_THROW_MS = 5_000
/** Keeps a handler that always says "later, at once" from spinning. */
const SHORTEST_DELAY_MS = 50
/** A job put off for longer would count as lost (held-jobs.ts). */
const LONGEST_DELAY_MS = 20_000

/**
 * Runs `handler` for each job of the queue, highest level first, and resolves once it is connected.
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
      // Fetched just before the close began: it is given back by the same way as the others.
      if (closing) controller.abort()
      try {
        const outcome = await outcomeOf(handler, { jobId: job.data.jobId, signal: controller.signal, log })
        if (outcome.kind === 'later') await putBack(job, token, { outcome, atOnce: closing !== null, log })
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
      stalledInterval: SWEEP_MS,
      maxStalledCount: NEVER_TOO_OFTEN,
      drainDelay: IDLE_POLL_SECONDS,
      runRetryDelay: RECONNECT_PAUSE_MS,
    },
    backend.factory,
  )
  const say = quietLog(log)
  worker.on('error', (error) => say.warn({ error: error.message }, 'Job queue'))
  worker.on('stalled', (jobId) =>
    log.warn({ jobId }, 'The worker of this job is gone; the job is taken over'),
  )
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

async function outcomeOf(
  handler: Handler,
  { jobId, signal, log }: { jobId: string; signal: AbortSignal; log: Log },
): Promise<Outcome> {
  try {
    return await handler(jobId, { signal })
  } catch (error) {
    if (!signal.aborted)
      log.error({ jobId, err: error }, 'The handler of a job threw; the job is tried later')
    return { kind: 'later', delayMs: AFTER_THROW_MS }
  }
}

/** Always throws: BullMQ is told by an error of its own that the job has already been moved. */
async function putBack(
  job: QueueJob,
  token: string | undefined,
  { outcome, atOnce, log }: { outcome: { delayMs: number }; atOnce: boolean; log: Log },
): Promise<never> {
  const delayMs = Math.min(Math.max(outcome.delayMs, SHORTEST_DELAY_MS), LONGEST_DELAY_MS)
  try {
    // When this worker goes away, others are told at once instead of waiting for a delay to end.
    if (atOnce) await job.moveToWait(token)
    else await job.moveToDelayed(Date.now() + delayMs, token)
  } catch (error) {
    // The lock or the server is gone. Nothing is lost: the sweep puts back what nobody holds.
    const reason = error instanceof Error ? error.message : String(error)
    log.warn({ jobId: job.data.jobId, error: reason }, 'A job could not be put back; it will be taken over')
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
  const limit = new AbortController()
  const late = delay(timeoutMs, false, { signal: limit.signal }).catch(() => false)
  const inTime = await Promise.race([closed, late])
  limit.abort()
  if (inTime) return
  log.warn({ jobIds: [...running.keys()] }, 'Closing without these jobs; another worker takes them over')
  void worker.disconnect().catch(() => undefined)
}
