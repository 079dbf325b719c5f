import { randomBytes } from 'node:crypto'
import { availableParallelism, hostname } from 'node:os'
import type { Log } from '@kinoprint/core'
import { ThreadPool } from '@kinoprint/engine'
import type { Tools } from '@kinoprint/media'
import type { ObjectStore } from '@kinoprint/objects'
import { consume, type QueueOptions } from '@kinoprint/queue'
import type { Database, FloodLimits, Replicas } from '@kinoprint/store'
import { startComparisons } from './comparisons/start-comparisons.ts'
import { startHashing } from './hashing/start-hashing.ts'
import { startIgnoredLookups } from './ignored/start-lookups.ts'
import type { JobContext } from './jobs/job-context.ts'
import { startReindexingLoop } from './reindexing/start-reindexing.ts'
import { type JobRun, runJob } from './run-job.ts'
import { type JobToSchedule, runNextJob } from './run-next-job.ts'
import { createSchedulerSlots, type Slot } from './scheduler-slots.ts'
import { startShardMoves } from './start-shard-moves.ts'
import { createWorkCheck } from './waiting-work.ts'
import { noMetrics, type WorkerMetrics } from './worker-metrics.ts'
import { startWorkerPresence } from './worker-presence.ts'

export type WorkerOptions = {
  readonly db: Database
  readonly queue: QueueOptions
  readonly objects: ObjectStore
  readonly tools: Tools
  readonly log: Log
  readonly metrics?: WorkerMetrics
  /** The version of this worker, for the list of workers. */
  readonly version: string
  /** Folder for thumbnails; null to make none. */
  readonly thumbnailsDir: string | null
  /** Maximum number of concurrent jobs, 1 or more. */
  readonly concurrency: number
  /** Videos of this length in seconds or longer are refused. */
  readonly maxVideoSeconds: number
  /** Days for which fingerprints of queries are kept. Default: 0, none. */
  readonly queryRetentionDays?: number
  /** Length of the pieces in which films are decoded. Default: 10 min. */
  readonly filmPieceSeconds?: number | undefined
  /** When the flood guard holds a passage back. Default: never. */
  readonly flood?: FloodLimits | undefined
  /** Databases that searches read. Default: the primary alone. */
  readonly replicas?: Replicas | undefined
  /** Called when a job may have ended and its callback may be due. */
  readonly onJobEnded?: () => void
}

export type RunningWorker = {
  /** This worker's name in the leases of its jobs. */
  readonly workerId: string
  /** Ids of the running jobs. */
  running(): readonly string[]
  /** Returns running jobs to the queue and stops. Jobs that do not stop within `timeoutMs` are released when their lease expires. */
  close(options: { readonly timeoutMs: number }): Promise<void>
}

/** Time limit for reading the size of a job's object before the job is claimed. */
const SIZE_TIMEOUT_MS = 5_000
/** Time limit for stopping threads at shutdown. The rest of the time is for the database. */
const POOL_CLOSE_MS = 2_000

/**
 * Starts a worker, which runs one job for each entry of the queue, `concurrency` at a time. Buckets and keys take turns
 * (run-next-job.ts), and long videos leave a slot for short ones (scheduler-slots.ts).
 *
 * @example
 * const worker = await startWorker({
 *   db, queue: { redisUrl }, objects, tools, log, version, thumbnailsDir, concurrency: 2, maxVideoSeconds: 1800,
 * })
 * await worker.close({ timeoutMs: 8_000 })
 */
export async function startWorker({
  queue,
  concurrency,
  metrics = noMetrics,
  version,
  onJobEnded = () => undefined,
  queryRetentionDays = 0,
  ...rest
}: WorkerOptions): Promise<RunningWorker> {
  const { db, log, objects } = rest
  const workerId = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`
  const pool = new ThreadPool({ threads: concurrency })
  const slots = createSchedulerSlots({ count: concurrency, cores: availableParallelism() })
  const running: string[] = []
  const runInSlot = async (jobId: string, slot: Slot, signal: AbortSignal): Promise<JobRun> => {
    const context: JobContext = { ...rest, pool, queryRetentionDays, ffmpegThreads: slot.threads }
    running.push(jobId)
    try {
      const run = await runJob(context, { jobId, workerId, signal, metrics })
      if (run.settled && run.outcome.kind === 'done') onJobEnded()
      return run
    } finally {
      running.splice(running.indexOf(jobId), 1)
      slot.release()
    }
  }
  const sizeOf = (job: JobToSchedule): Promise<number> => sizeOfObject(objects, job)
  const facts = { workerId, name: `${hostname()}, process ${process.pid}`, version, slots: concurrency }
  const presence = startWorkerPresence({ ...facts, ffmpeg: rest.tools.version }, { db, log })
  const consumer = await consume(queue, {
    concurrency,
    log,
    handler: (jobId, { signal }) => {
      const run = (id: string, slot: Slot) => runInSlot(id, slot, signal)
      return runNextJob({ db, log, slots, sizeOf, run }, { jobId, signal })
    },
  })
  const isWaiting = createWorkCheck(db)
  const loops = [
    startComparisons({ ...rest, pool, queryRetentionDays, slots, isWaiting }),
    startHashing({ ...rest, pool, queryRetentionDays, slots, isWaiting }),
    startIgnoredLookups({ ...rest, pool, isWaiting }),
    startReindexingLoop({ ...rest, pool, slots, workerId, isWaiting }),
    startShardMoves(rest),
  ]
  return {
    workerId,
    running: () => [...new Set(running)],
    close: async ({ timeoutMs }) => {
      const closed = loops.map((loop) => within(timeoutMs, loop.close()))
      await Promise.all([consumer.close({ timeoutMs }), ...closed])
      await within(
        POOL_CLOSE_MS,
        Promise.all([pool.close(), presence.close()]).then(() => undefined),
      )
    },
  }
}

/** Waits for `work`, but no longer than `timeoutMs`. */
function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  const timeout = new Promise<void>((resolve) => setTimeout(resolve, timeoutMs).unref())
  return Promise.race([work, timeout])
}

/**
 * Bytes of a job's object, from its metadata. Reading the object would take time in which the job is not claimed and
 * cannot be cancelled. Returns 0 if the size is unknown; the job then reports the reason.
 */
async function sizeOfObject(
  objects: ObjectStore,
  { ruleType, bucket, object }: JobToSchedule,
): Promise<number> {
  if (ruleType === 'DeleteFingerPrint') return 0
  return objects.sizeOf(bucket, object, AbortSignal.timeout(SIZE_TIMEOUT_MS)).catch(() => 0)
}
