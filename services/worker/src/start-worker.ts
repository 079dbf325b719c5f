import { randomBytes } from 'node:crypto'
import { availableParallelism, hostname } from 'node:os'
import type { Log } from '@kinoprint/core'
import { ThreadPool } from '@kinoprint/engine'
import type { Tools } from '@kinoprint/media'
import type { ObjectStore } from '@kinoprint/objects'
import { consume, type QueueOptions } from '@kinoprint/queue'
import type { Database } from '@kinoprint/store'
import { type Admitted, createAdmission } from './admission.ts'
import type { JobContext } from './job-run.ts'
import { type Attempt, runJob } from './run-job.ts'
import { type Candidate, takeTurn } from './take-turn.ts'
import { noMetrics, type WorkerMetrics } from './worker-metrics.ts'

export type WorkerOptions = {
  readonly db: Database
  readonly queue: QueueOptions
  readonly objects: ObjectStore
  readonly tools: Tools
  readonly log: Log
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

/** A job waits no longer than this for the size of its object before it is claimed. */
const SIZE_LIMIT_MS = 5_000

/**
 * Nothing is read for it: until the job is claimed it seems to wait, and cannot be cancelled. An object whose size is not
 * known weighs nothing: its job reports why.
 */
const sizeIn =
  (objects: ObjectStore) =>
  async ({ ruleType, bucket, object }: Candidate): Promise<number> => {
    if (ruleType === 'DeleteFingerPrint') return 0
    return objects.sizeOf(bucket, object, AbortSignal.timeout(SIZE_LIMIT_MS)).catch(() => 0)
  }

/** Threads get this part of the time that a shutdown may take, the rest is for the database. */
const POOL_CLOSE_MS = 2_000

/**
 * Runs a job for each entry of the queue, `concurrency` at once, each in threads of its own. Buckets and keys share the
 * places out (take-turn.ts), and long videos leave one for short ones (admission.ts).
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
  const running: string[] = []
  const runIn = async (jobId: string, place: Admitted, signal: AbortSignal): Promise<Attempt> => {
    const context: JobContext = { ...rest, pool, ffmpegThreads: place.threads }
    running.push(jobId)
    try {
      const attempt = await runJob(context, { jobId, workerId, signal, metrics })
      if (attempt.taken && attempt.outcome.kind === 'done') onJobEnded()
      return attempt
    } finally {
      running.splice(running.indexOf(jobId), 1)
      place.leave()
    }
  }
  const { db, log, objects } = rest
  const consumer = await consume(queue, {
    concurrency,
    log,
    handler: (jobId, { signal }) => {
      const run = (taken: string, place: Admitted) => runIn(taken, place, signal)
      return takeTurn({ db, log, admission, sizeOf: sizeIn(objects), run }, { jobId, signal })
    },
  })
  return {
    workerId,
    running: () => [...new Set(running)],
    close: async ({ timeoutMs }) => {
      await consumer.close({ timeoutMs })
      const late = new Promise<void>((resolve) => setTimeout(resolve, POOL_CLOSE_MS).unref())
      await Promise.race([pool.close(), late])
    },
  }
}
