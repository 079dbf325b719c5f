import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '@kinoprint/core'
import type { JobQueue } from '@kinoprint/queue'
import {
  type Database,
  expireLeases,
  purgeEndedJobs,
  resumeStrandedJobs,
  sweepOrphanFingerprints,
  vacuumEmbedded,
} from '@kinoprint/store'
import { newSweep, restoreLostJobs, type WaitingSweep } from './restore-lost-jobs.ts'
import { warnOf } from './warn-of.ts'

const ROUND_MS = 3_000
/** Waiting jobs compared with the queue in a round: 100,000 take a minute, and a round takes under a second. */
const COMPARED_MAX = 5_000
const MINUTE_MS = 60_000
const SWEEP_MS = 5 * MINUTE_MS
const PURGE_MS = 60 * MINUTE_MS
/** A fingerprint may be staged this long before it counts as left behind. */
export const ORPHAN_MS = 60 * MINUTE_MS

export type ReconcilerOptions = {
  readonly db: Database
  readonly queue: JobQueue
  readonly log: Log
  /** Ended jobs are kept so long. */
  readonly jobRetentionDays: number
  /** Removes temporary files that dead workers of this machine have left behind. */
  readonly sweepFiles?: () => Promise<void>
  /** Time between two rounds; tests shorten it. */
  readonly roundMs?: number
  readonly freshMs?: number
}

export type Reconciler = {
  /** Ends the loop after the round that is on its way. */
  close(): Promise<void>
}

export type ReconcileOptions = Pick<ReconcilerOptions, 'db' | 'queue' | 'log' | 'freshMs'> & {
  /** Goes on from round to round; a new one if absent. */
  readonly sweep?: WaitingSweep
}

/**
 * Puts back what the queue or a dead worker has lost: the rows are the truth. Every step is one statement that
 * only touches what fits it, so that several reconcilers at once do no harm.
 */
export const reconcileOnce = async ({
  db,
  queue,
  log,
  freshMs,
  sweep = newSweep(),
}: ReconcileOptions): Promise<{ dispatched: number }> => {
  const { requeued, failed } = await expireLeases(db)
  if (requeued.length > 0)
    log.warn({ jobIds: requeued }, 'The workers of these jobs are gone: they run again')
  if (failed.length > 0)
    log.error({ jobIds: failed }, 'These jobs lost their worker too often and have failed')
  const dispatched = await restoreLostJobs({ db, queue, freshMs, sweep, jobsMax: COMPARED_MAX })
  if (dispatched > 0) log.info({ jobs: dispatched }, 'Jobs that the queue did not have were put back')
  return { dispatched }
}

/** The slower chores, each with the time of its last run. */
const chores = ({ db, log, jobRetentionDays, sweepFiles }: ReconcilerOptions) => [
  {
    everyMs: SWEEP_MS,
    last: Number.NEGATIVE_INFINITY,
    run: async (): Promise<void> => {
      const swept = await sweepOrphanFingerprints(db, { olderThanMs: ORPHAN_MS })
      if (swept > 0) log.info({ swept }, 'Fingerprints that were never published are gone')
      await vacuumEmbedded(db)
      // A job that was given back at the moment in which its queue was resumed.
      await resumeStrandedJobs(db)
    },
  },
  { everyMs: SWEEP_MS, last: Number.NEGATIVE_INFINITY, run: async (): Promise<void> => sweepFiles?.() },
  {
    everyMs: PURGE_MS,
    last: Number.NEGATIVE_INFINITY,
    run: async (): Promise<void> => {
      const purged = await purgeEndedJobs(db, { olderThanDays: jobRetentionDays })
      if (purged > 0) log.info({ purged }, 'Jobs that ended long ago are gone')
    },
  },
]

/** Starts the loop: one round at a time, the next one a while after the last has ended. */
export const startReconciler = (options: ReconcilerOptions): Reconciler => {
  const { log, roundMs = ROUND_MS } = options
  const slow = chores(options)
  const sweep = newSweep()
  const stop = new AbortController()
  const guarded = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      // The database or the queue is away: the next round tries again.
      if (!stop.signal.aborted) warnOf(log, error, 'A round of the reconciler failed')
    }
  }
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await guarded(() => reconcileOnce({ ...options, sweep }))
      for (const chore of slow) {
        if (stop.signal.aborted || performance.now() - chore.last < chore.everyMs) continue
        chore.last = performance.now()
        await guarded(chore.run)
      }
      await delay(roundMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }
  const done = loop()
  return {
    close: () => {
      stop.abort()
      return done
    },
  }
}
