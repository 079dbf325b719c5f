import { randomBytes } from 'node:crypto'
import { availableParallelism, hostname } from 'node:os'
import type { Tools } from '@kinoprint/media'
import type { ObjectStore } from '@kinoprint/objects'
import { consume, type QueueOptions } from '@kinoprint/queue'
import { type Database, getJobHeads } from '@kinoprint/store'
import { type Candidate, createAdmission } from './admission.ts'
import type { WorkLog } from './context.ts'
import type { JobContext } from './job-run.ts'
import { runJob } from './run-job.ts'
import { ThreadPool } from './threads/pool.ts'
import { noMetrics, type WorkerMetrics } from './worker-metrics.ts'

export type WorkerOptions = {
  readonly db: Database
  readonly queue: QueueOptions
  readonly objects: ObjectStore
  readonly tools: Tools
  readonly log: WorkLog
  readonly metrics?: WorkerMetrics
  /** Folder of the stills; null makes none. */
  readonly thumbnailsDir: string | null
  /** Jobs at once. */
  readonly concurrency: number
  /** An input of this length in seconds or longer is refused. */
  readonly maxVideoSeconds: number
  /** Called when a job may have ended: its callback is due then. */
  readonly onJobEnded?: () => void
}

export type RunningWorker = {
  /** Names this worker in the leases of its jobs. */
  readonly workerId: string
  /** Jobs that run now. */
  running(): readonly string[]
  /** Gives running jobs back to the queue and ends; what is not done after `timeoutMs` is left to its lease. */
  close(options: { readonly timeoutMs: number }): Promise<void>
}

/** Decoder threads of each ffmpeg where so many files are worked on side by side. */
export const ffmpegThreadsFor = (concurrency: number): number =>
  Math.max(1, Math.floor(availableParallelism() / concurrency))

/** A job waits no longer than this for the size of its object before it is claimed. */
const SIZE_LIMIT_MS = 5_000

/**
 * What decides whether a job may run now. Nothing is read for it: until the job is claimed it seems to wait, and cannot
 * be cancelled. An object whose size is not known weighs nothing: its job reports why.
 */
const candidateOf = async (
  { db, objects }: Pick<WorkerOptions, 'db' | 'objects'>,
  jobId: string,
): Promise<Candidate> => {
  const [job] = await getJobHeads(db, [jobId])
  const level = job?.jobLevel ?? 0
  if (job === undefined || job.ruleType === 'DeleteFingerPrint') return { jobId, level, bytes: 0 }
  const limit = AbortSignal.timeout(SIZE_LIMIT_MS)
  const bytes = await objects.sizeOf(job.bucket, job.object, limit).catch(() => 0)
  return { jobId, level, bytes }
}

/** Threads get this part of the time that a shutdown may take, the rest is for the database. */
const POOL_CLOSE_MS = 2_000

/**
 * Takes jobs from the queue and runs them, `concurrency` at once, each in threads of its own. Long videos leave a place
 * for short ones (admission.ts).
 *
 * @example
 * const worker = await startWorker({ db, queue: { redisUrl }, objects, tools, log, thumbnailsDir, concurrency: 2, maxVideoSeconds: 1800 })
 * await worker.close({ timeoutMs: 8_000 })
 */
export const startWorker = async ({
  queue,
  concurrency,
  metrics = noMetrics,
  onJobEnded = () => undefined,
  ...rest
}: WorkerOptions): Promise<RunningWorker> => {
  const workerId = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`
  const pool = new ThreadPool({ threads: concurrency })
  const admission = createAdmission({ places: concurrency, cores: availableParallelism() })
  const consumer = await consume(queue, {
    concurrency,
    log: rest.log,
    handler: async (jobId, { signal }) => {
      const place = admission.enter(await candidateOf(rest, jobId))
      if (place.kind === 'later') return place
      const context: JobContext = { ...rest, pool, ffmpegThreads: place.threads }
      try {
        const outcome = await runJob(context, { jobId, workerId, signal, metrics })
        if (outcome.kind === 'done') onJobEnded()
        return outcome
      } finally {
        place.leave()
      }
    },
  })
  return {
    workerId,
    running: () => consumer.running(),
    close: async ({ timeoutMs }) => {
      await consumer.close({ timeoutMs })
      const late = new Promise<void>((resolve) => setTimeout(resolve, POOL_CLOSE_MS).unref())
      await Promise.race([pool.close(), late])
    },
  }
}
