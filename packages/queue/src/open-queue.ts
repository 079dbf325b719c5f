import { batchesOf, createThrottledWarnings, type JobLevel, type Log } from '@kinoprint/core'
import { type IQueueBackend, Queue } from 'bullmq'
import { callQueue, openBackend } from './backend.ts'
import {
  ANSWER_TIMEOUT_MS,
  DEFAULT_QUEUE_NAME,
  priorityOf,
  type QueueOptions,
  REDIS_PREFIX,
} from './queue-options.ts'
import type { QueueWarning } from './redis/check-server.ts'

/** Everything that the queue knows about a job. The rest is in the job's row. */
export type Payload = { readonly jobId: string }

type QueuedJob = { readonly jobId: string; readonly jobLevel: JobLevel }

type QueueCounts = {
  readonly waiting: number
  readonly active: number
  /** Deferred by a handler. */
  readonly delayed: number
}

/** The producer's side of the queue. Each method throws Fault ServiceUnavailable if it takes longer than 2 s. */
export type JobQueue = {
  /** Adds a job, unless the queue already holds it in any state. */
  enqueue(jobId: string, jobLevel: JobLevel): Promise<void>
  enqueueMany(jobs: readonly QueuedJob[]): Promise<void>
  /** Returns those of the given ids that the queue holds completely: waiting, running, or deferred by seconds. */
  has(jobIds: readonly string[]): Promise<Set<string>>
  /** Adds jobs that the queue has lost, or holds in a state from which it would never deliver them. */
  restore(jobs: readonly QueuedJob[]): Promise<void>
  /** Removes a waiting job. False if it does not exist, or a worker has taken it. */
  remove(jobId: string): Promise<boolean>
  counts(): Promise<QueueCounts>
  /** Returns the server's current settings that can lose jobs. */
  warnings(): Promise<readonly QueueWarning[]>
  /** Resolves if the server responds. */
  ping(): Promise<void>
  close(): Promise<void>
}

const JOB_NAME = 'job'
const BATCH_SIZE = 500
/** Maximum length of BullMQ's event stream, which has no reader here. */
const EVENTS_KEPT = 100
const COUNTED_STATES = ['waiting', 'prioritized', 'active', 'delayed'] as const

/**
 * Opens the producer's side of the queue. `answerTimeoutMs` limits the duration of a call, 2 s by default.
 *
 * @example
 * const queue = await openQueue({ redisUrl: 'redis://127.0.0.1:6379' }, { log })
 * await queue.enqueue(job.jobId, job.jobLevel)
 */
export async function openQueue(
  options: QueueOptions,
  { log, answerTimeoutMs: timeoutMs = ANSWER_TIMEOUT_MS }: { log: Log; answerTimeoutMs?: number },
): Promise<JobQueue> {
  const name = options.name ?? DEFAULT_QUEUE_NAME
  const backend = await openBackend(options, { role: 'producer', log })
  const queue = new Queue<Payload, void, string, Payload, void, string, IQueueBackend, object>(
    name,
    { connection: {}, prefix: REDIS_PREFIX, streams: { events: { maxLen: EVENTS_KEPT } } },
    backend.factory,
  )
  const warnings = createThrottledWarnings(log)
  queue.on('error', (error) => warnings.warn(error, 'Job queue failed'))
  await queue.waitUntilReady()

  const call = <T>(action: string, run: () => Promise<T>): Promise<T> =>
    callQueue(backend, { action, timeoutMs, run })

  const enqueueMany = async (jobs: readonly QueuedJob[]): Promise<void> => {
    for (const batch of batchesOf(jobs, BATCH_SIZE))
      await call('add jobs', () => queue.addBulk(batch.map(entryOf)))
  }

  return {
    enqueue: async (jobId, jobLevel) => {
      const { name, data, opts } = entryOf({ jobId, jobLevel })
      await call('add the job', () => queue.add(name, data, opts))
    },
    enqueueMany,
    restore: async (jobs) => {
      if (jobs.length === 0) return
      const jobIds = jobs.map(({ jobId }) => jobId)
      // BullMQ does not add a job whose hash exists, even if the rest of the job does not.
      await call('delete remains of jobs', () => backend.deleteJobs(name, jobIds))
      await enqueueMany(jobs)
    },
    has: async (jobIds) => {
      if (jobIds.length === 0) return new Set()
      return new Set(await call('find jobs', () => backend.findJobs(name, jobIds)))
    },
    remove: (jobId) =>
      call('remove the job', async () => {
        // On Redis, BullMQ reports success for a job that does not exist.
        const found = await backend.findJobs(name, [jobId])
        return found.length === 1 && (await queue.remove(jobId)) === 1
      }),
    counts: () =>
      call('count its jobs', async () => toQueueCounts(await queue.getJobCounts(...COUNTED_STATES))),
    warnings: () => call('report its settings', () => backend.warnings()),
    ping: () => call('respond to a ping', () => backend.ping()),
    close: async () => {
      await queue.close().catch((error: unknown) => warnings.warn(error, 'Could not close the job queue'))
      await backend.close()
    },
  }
}

function toQueueCounts(counts: Readonly<Record<string, number>>): QueueCounts {
  return {
    waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
  }
}

function entryOf({ jobId, jobLevel }: QueuedJob) {
  return {
    name: JOB_NAME,
    data: { jobId },
    opts: { jobId, priority: priorityOf(jobLevel), removeOnComplete: true, removeOnFail: true, attempts: 1 },
  }
}
