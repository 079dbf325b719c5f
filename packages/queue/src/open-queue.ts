import type { JobLevel, Log } from '@kinoprint/core'
import { type IQueueBackend, Queue } from 'bullmq'
import { answered, openBackend } from './backend.ts'
import { DEFAULT_QUEUE_NAME, priorityOf, type QueueOptions, REDIS_PREFIX } from './queue-options.ts'
import { quietLog } from './quiet-log.ts'
import type { QueueWarning } from './redis-server.ts'

/** All that the queue knows of a job: everything else is in its row. */
export type Payload = { readonly jobId: string }

export type QueueCounts = {
  readonly waiting: number
  readonly active: number
  /** Put back for later by a handler. */
  readonly delayed: number
}

export type JobQueue = {
  /** Adds the job unless the queue holds it already, in any state. Fault ServiceUnavailable within 2 s. */
  enqueue(jobId: string, jobLevel: JobLevel): Promise<void>
  enqueueMany(jobs: readonly { readonly jobId: string; readonly jobLevel: JobLevel }[]): Promise<void>
  /** Those of the ids that the queue holds whole, waiting, running, or put off for some seconds. */
  has(jobIds: readonly string[]): Promise<Set<string>>
  /** Adds jobs that the queue has lost, or holds in a way in which it would never deliver them. */
  restore(jobs: readonly { readonly jobId: string; readonly jobLevel: JobLevel }[]): Promise<void>
  /** Takes a waiting job out. False where there is none, or a worker holds it. */
  remove(jobId: string): Promise<boolean>
  counts(): Promise<QueueCounts>
  /** Settings of the queue's server, as they are now, that can lose jobs. Fault ServiceUnavailable within 2 s. */
  warnings(): Promise<readonly QueueWarning[]>
  /** Resolves if the queue's server answers; Fault ServiceUnavailable within 2 s if not. */
  ping(): Promise<void>
  close(): Promise<void>
}

const JOB_NAME = 'job'
const ADD_BATCH = 500
/**
 * So many jobs at once are added one by one on Redis, whose answers are awaited together: for a bulk, ioredis copies
 * each of BullMQ's scripts to a pipeline. Measured: 60 instead of 75 us of CPU a job for four, even for sixteen.
 */
const FEW = 8
/** Nobody reads BullMQ's event stream here; a short one costs nothing. */
const EVENTS_KEPT = 100

/**
 * Opens the producer's side of the queue.
 *
 * @example
 * const queue = await openQueue({ redisUrl: 'redis://127.0.0.1:6379' }, { log })
 * await queue.enqueue(job.jobId, job.jobLevel)
 */
export async function openQueue(options: QueueOptions, { log }: { log: Log }): Promise<JobQueue> {
  const name = options.name ?? DEFAULT_QUEUE_NAME
  const backend = await openBackend(options, { role: 'producer', log })
  const queue = new Queue<Payload, void, string, Payload, void, string, IQueueBackend, object>(
    name,
    { connection: {}, prefix: REDIS_PREFIX, streams: { events: { maxLen: EVENTS_KEPT } } },
    backend.factory,
  )
  const say = quietLog(log)
  queue.on('error', (error) => say.warn({ error: error.message }, 'Job queue'))
  await queue.waitUntilReady()

  const entry = (jobId: string, jobLevel: JobLevel) => ({
    name: JOB_NAME,
    data: { jobId },
    opts: { jobId, priority: priorityOf(jobLevel), removeOnComplete: true, removeOnFail: true, attempts: 1 },
  })
  const add = ({ name, data, opts }: ReturnType<typeof entry>) => queue.add(name, data, opts)
  const addAll = (batch: ReturnType<typeof entry>[]): Promise<unknown> =>
    backend.kind === 'redis' && batch.length <= FEW ? Promise.all(batch.map(add)) : queue.addBulk(batch)

  const addMany: JobQueue['enqueueMany'] = async (jobs) => {
    for (let start = 0; start < jobs.length; start += ADD_BATCH) {
      const batch = jobs.slice(start, start + ADD_BATCH).map((job) => entry(job.jobId, job.jobLevel))
      await answered(backend, 'take the jobs', () => addAll(batch))
    }
  }

  return {
    enqueue: async (jobId, jobLevel) => {
      await answered(backend, 'take the job', () => add(entry(jobId, jobLevel)))
    },
    enqueueMany: addMany,
    restore: async (jobs) => {
      if (jobs.length === 0) return
      const jobIds = jobs.map(({ jobId }) => jobId)
      // BullMQ adds nothing where it finds as much as the job's hash.
      await answered(backend, 'clear the jobs', () => backend.forget(name, jobIds))
      await addMany(jobs)
    },
    has: async (jobIds) => {
      if (jobIds.length === 0) return new Set()
      return new Set(await answered(backend, 'be asked for jobs', () => backend.findHeld(name, jobIds)))
    },
    remove: (jobId) =>
      answered(backend, 'give up the job', async () => {
        // On Redis BullMQ calls it a success to remove what is not there.
        const held = await backend.findHeld(name, [jobId])
        return held.length === 1 && (await queue.remove(jobId)) === 1
      }),
    counts: () =>
      answered(backend, 'be counted', async () => {
        const counts = await queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed')
        return {
          waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
          active: counts.active ?? 0,
          delayed: counts.delayed ?? 0,
        }
      }),
    warnings: () => answered(backend, 'be asked for its settings', () => backend.warnings()),
    ping: () => answered(backend, 'be reached', () => backend.ping()),
    close: async () => {
      await queue.close().catch((error: Error) => say.warn({ error: error.message }, 'Closing the job queue'))
      await backend.close()
    },
  }
}
