import type { JobQueue } from '@kinoprint/queue'
import {
  type Database,
  FIRST_WAITING,
  jobsToDispatch,
  jobsToDispatchAtOnce,
  markDispatched,
  type WaitingPosition,
} from '@kinoprint/store'

/** Jobs dispatched this recently are skipped, because they may still be on their way to the queue. */
const FRESH_MS = 10_000
const PAGE_SIZE = 500

/** A pass over all waiting jobs, a few pages in each round. */
export type WaitingSweep = { after: WaitingPosition }

export function newSweep(): WaitingSweep {
  return { after: FIRST_WAITING }
}

export type RestoreOptions = {
  readonly db: Database
  readonly queue: JobQueue
  readonly freshMs?: number | undefined
  readonly sweep: WaitingSweep
  /** Waiting jobs to compare with the queue in this call, rounded up to whole pages. */
  readonly maxJobs: number
}

/**
 * Requeues waiting jobs that the queue has lost and returns their number. Each call continues where the last
 * one with this sweep stopped, and starts over at the end. Jobs that are in the queue cost a read and no write.
 */
export async function restoreLostJobs(options: RestoreOptions): Promise<number> {
  const { db, queue, freshMs = FRESH_MS, sweep, maxJobs } = options
  let restored = await restoreUrgentJobs({ db, queue })
  for (let compared = 0; compared < maxJobs; compared += PAGE_SIZE) {
    const page = await jobsToDispatch(db, { olderThanMs: freshMs, limit: PAGE_SIZE, after: sweep.after })
    const lost = await missingFrom(queue, page)
    await queue.restore(lost)
    if (lost.length > 0) await markDispatched(db, idsOf(lost))
    restored += lost.length
    const last = page.length < PAGE_SIZE ? undefined : page.at(-1)
    sweep.after = last ?? FIRST_WAITING
    if (last === undefined) break
  }
  return restored
}

/** Maximum number of jobs marked for dispatch at once. The mark is also cleared for jobs that are in the queue. */
async function restoreUrgentJobs({ db, queue }: Pick<RestoreOptions, 'db' | 'queue'>): Promise<number> {
  let restored = 0
  for (;;) {
    const page = await jobsToDispatchAtOnce(db, { limit: PAGE_SIZE })
    if (page.length === 0) return restored
    const lost = await missingFrom(queue, page)
    await queue.restore(lost)
    await markDispatched(db, idsOf(page))
    restored += lost.length
    if (page.length < PAGE_SIZE) return restored
  }
}

/**
 * Returns the number of waiting jobs that the queue has lost, without changing anything. Any entry lets a worker run any
 * job, so a job without its own entry is lost only if there are fewer entries than waiting jobs.
 */
export async function countLostJobs({ db, queue }: Pick<RestoreOptions, 'db' | 'queue'>): Promise<number> {
  let lost = 0
  let waitingJobs = 0
  for (let after: WaitingPosition | undefined = FIRST_WAITING; after !== undefined; ) {
    const page = await jobsToDispatch(db, { olderThanMs: FRESH_MS, limit: PAGE_SIZE, after })
    lost += (await missingFrom(queue, page)).length
    waitingJobs += page.length
    after = page.length < PAGE_SIZE ? undefined : page.at(-1)
  }
  if (lost === 0) return 0
  const { waiting, delayed } = await queue.counts()
  return Math.min(lost, Math.max(0, waitingJobs - waiting - delayed))
}

type WaitingJobs = Awaited<ReturnType<typeof jobsToDispatch>>

async function missingFrom(queue: JobQueue, page: WaitingJobs): Promise<WaitingJobs> {
  const held = await queue.has(idsOf(page))
  return page.filter(({ jobId }) => !held.has(jobId))
}

function idsOf(jobs: WaitingJobs): string[] {
  return jobs.map(({ jobId }) => jobId)
}
