import type { JobQueue } from '@kinoprint/queue'
import {
  type Database,
  FIRST_WAITING,
  jobsToDispatch,
  jobsToDispatchAtOnce,
  markDispatched,
  type WaitingPosition,
} from '@kinoprint/store'

/** A row sent to the queue so recently is on its way: looking for it would only put it in twice. */
const FRESH_MS = 10_000
const PAGE = 500

/** A way through all waiting jobs, a part of it a round. */
export type WaitingSweep = { after: WaitingPosition }

export const newSweep = (): WaitingSweep => ({ after: FIRST_WAITING })

export type RestoreOptions = {
  readonly db: Database
  readonly queue: JobQueue
  readonly freshMs?: number | undefined
  readonly sweep: WaitingSweep
  /** Waiting jobs to compare with the queue in this call, rounded up to whole pages. */
  readonly jobsMax: number
}

/**
 * Puts waiting jobs that the queue has lost back into it; answers how many. Goes on where the last call with this
 * sweep stopped and begins again at the end, so that every waiting job has its turn however many there are. Jobs that
 * the queue holds cost a reading and no write.
 */
export const restoreLostJobs = async (options: RestoreOptions): Promise<number> => {
  const { db, queue, freshMs = FRESH_MS, sweep, jobsMax } = options
  let restored = await restoreAtOnce({ db, queue })
  for (let compared = 0; compared < jobsMax; compared += PAGE) {
    const page = await jobsToDispatch(db, { olderThanMs: freshMs, limit: PAGE, after: sweep.after })
    const lost = await lostOf(queue, page)
    await queue.restore(lost)
    if (lost.length > 0) await markDispatched(db, idsOf(lost))
    restored += lost.length
    const last = page.length < PAGE ? undefined : page.at(-1)
    sweep.after = last ?? FIRST_WAITING
    if (last === undefined) break
  }
  return restored
}

/** Jobs that ask to be put back at once; those that the queue holds after all are marked, and not asked for again. */
const restoreAtOnce = async ({ db, queue }: Pick<RestoreOptions, 'db' | 'queue'>): Promise<number> => {
  let restored = 0
  for (;;) {
    const page = await jobsToDispatchAtOnce(db, { limit: PAGE })
    if (page.length === 0) return restored
    const lost = await lostOf(queue, page)
    await queue.restore(lost)
    await markDispatched(db, idsOf(page))
    restored += lost.length
    if (page.length < PAGE) return restored
  }
}

/**
 * How many waiting jobs the queue has lost; changes nothing. Any entry of the queue lets a worker run any job, so that a
 * job without an entry of its own is lost only if there are fewer entries than waiting jobs.
 */
export const countLostJobs = async ({ db, queue }: Pick<RestoreOptions, 'db' | 'queue'>): Promise<number> => {
  let lost = 0
  let waits = 0
  for (let after: WaitingPosition | undefined = FIRST_WAITING; after !== undefined; ) {
    const page = await jobsToDispatch(db, { olderThanMs: FRESH_MS, limit: PAGE, after })
    lost += (await lostOf(queue, page)).length
    waits += page.length
    after = page.length < PAGE ? undefined : page.at(-1)
  }
  if (lost === 0) return 0
  const { waiting, delayed } = await queue.counts()
  return Math.min(lost, Math.max(0, waits - waiting - delayed))
}

type Waiting = Awaited<ReturnType<typeof jobsToDispatch>>

const lostOf = async (queue: JobQueue, page: Waiting): Promise<Waiting> => {
  const held = await queue.has(idsOf(page))
  return page.filter(({ jobId }) => !held.has(jobId))
}

const idsOf = (jobs: Waiting): string[] => jobs.map(({ jobId }) => jobId)
