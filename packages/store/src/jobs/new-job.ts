import { type CallbackSettings, Fault, type JobLevel, type RuleType } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import { intoQueue, type JobsOfQueue } from './enqueue-jobs.ts'
import type { Job } from './job.ts'

export type NewJob = {
  readonly ruleType: RuleType
  readonly dnaDbId: string
  readonly videoId?: string | null | undefined
  readonly bucket: string
  readonly region: string
  readonly object: string
  readonly jobLevel?: JobLevel | undefined
  readonly userData?: string | null | undefined
  /** The queue of its bucket where absent. */
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

export type InsertOptions = {
  /** Jobs of one key that may wait in all its queues together; 0, or absent, for any number. */
  readonly waitingPerKey?: number | undefined
}

/**
 * Writes a waiting job (Pause where its queue is paused), or answers the one that the same request made a
 * moment ago. Fault QueueSaturated where as many jobs wait as the queue or the key may have, InvalidArgument for a
 * queue that the job's bucket does not have.
 */
export const enqueueJob = async (db: Database, job: NewJob, options: InsertOptions = {}): Promise<Job> => {
  const [outcome] = await enqueueJobs(db, [job], options)
  if (outcome === undefined) throw new Error('The job was not written.')
  if (outcome instanceof Fault) throw outcome
  return outcome
}

/**
 * The same for several at once, which cost little more than one: they would go one after the other behind their
 * queue's row anyway. All are written or, where it throws, none. Each has an outcome of its own, in their order.
 */
export const enqueueJobs = async (
  db: Database,
  jobs: readonly NewJob[],
  { waitingPerKey = 0 }: InsertOptions = {},
): Promise<(Job | Fault)[]> => {
  const groups = byQueue(jobs)
  const [only] = groups
  // The usual case is one statement, which is a transaction of its own.
  if (groups.length === 1 && only) return intoQueue(db.pool, only, { waitingPerKey })
  return transaction(db, async (client) => {
    const outcomes: { readonly place: number; readonly outcome: Job | Fault }[] = []
    for (const group of groups) {
      const put = await intoQueue(client, group, { waitingPerKey })
      for (const [i, outcome] of put.entries()) outcomes.push({ place: group.places[i] ?? 0, outcome })
    }
    return outcomes.sort((a, b) => a.place - b.place).map(({ outcome }) => outcome)
  })
}

/** `places` says where each job stands among all. */
type Group = JobsOfQueue & { readonly jobs: NewJob[]; readonly places: number[] }

/** In one order always, so that two processes seldom wait for each other's rows. */
const byQueue = (jobs: readonly NewJob[]): Group[] => {
  const groups = new Map<string, Group>()
  for (const [place, job] of jobs.entries()) {
    const { bucket, region, queueId = null } = job
    const name = JSON.stringify([bucket, region, queueId])
    const group = groups.get(name) ?? { bucket, region, queueId, jobs: [], places: [] }
    group.jobs.push(job)
    group.places.push(place)
    groups.set(name, group)
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
}
