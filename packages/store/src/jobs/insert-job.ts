import { Fault } from '@kinoprint/contract'
import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import { intoQueue } from './into-queue.ts'
import type { CallbackSettings, Job, JobLevel, RuleType } from './job.ts'

export type NewJob = {
  readonly ruleType: RuleType
  readonly dnaDbId: string
  readonly videoId?: string | null | undefined
  readonly bucket: string
  readonly region: string
  readonly object: string
  readonly jobLevel?: JobLevel | undefined
  readonly userData?: string | null | undefined
  /** The default queue where absent. */
  readonly queueId?: string | null | undefined
  readonly callback?: CallbackSettings | null | undefined
  readonly secretId?: string | null | undefined
  readonly tag?: string | undefined
  /** A hash of the request's body, by which a retry of the same key in the same bucket finds this job. */
  readonly requestHash?: string | null | undefined
  /** Above 0 this is a retry: a job that the same request made this many seconds ago or less is its answer. */
  readonly dedupeSeconds?: number | undefined
  /** Fault InvalidArgument where there is no such library. */
  readonly libraryMustExist?: boolean | undefined
}

/**
 * Writes a waiting job (Pause where its queue is paused), or answers the one that the same request made a
 * moment ago. Fault QueueSaturated where as many jobs wait as the queue may hold, InvalidArgument for an
 * unknown queue.
 */
export const insertJob = async (db: Database, job: NewJob): Promise<Job> => {
  const [outcome] = await insertJobs(db, [job])
  if (outcome === undefined) throw new Error('The job was not written.')
  if (outcome instanceof Fault) throw outcome
  return outcome
}

/**
 * The same for several at once, which cost little more than one: they would go one after the other behind their
 * queue's row anyway. All are written or, where it throws, none. Each has an outcome of its own, in their order.
 */
export const insertJobs = async (db: Database, jobs: readonly NewJob[]): Promise<(Job | Fault)[]> => {
  const queues = byQueue(jobs)
  const [only] = queues
  // The usual case is one statement, which is a transaction of its own.
  if (queues.length === 1 && only) return intoQueue(db.pool, ...only)
  return transaction(db, async (client) => {
    const outcomes = new Map<NewJob, Job | Fault>()
    for (const [queueId, asked] of queues) {
      const put = await intoQueue(client, queueId, asked)
      for (const [i, outcome] of put.entries()) if (asked[i]) outcomes.set(asked[i], outcome)
    }
    return jobs.flatMap((job) => outcomes.get(job) ?? [])
  })
}

/** In one order always, so that two processes seldom wait for each other's rows. */
const byQueue = (jobs: readonly NewJob[]): [string | null, NewJob[]][] => {
  const queues = new Map<string | null, NewJob[]>()
  for (const job of jobs) {
    const queueId = job.queueId ?? null
    queues.set(queueId, [...(queues.get(queueId) ?? []), job])
  }
  return [...queues].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1))
}
