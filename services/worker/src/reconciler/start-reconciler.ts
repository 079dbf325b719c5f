import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '@kinoprint/core'
import { logFailure } from '@kinoprint/engine'
import type { JobQueue } from '@kinoprint/queue'
import {
  type Database,
  expireLeases,
  forgetDeletedIds,
  forgetWholeQueries,
  keepJobHours,
  purgeAudit,
  purgeEndedJobs,
  purgeMatchDeliveries,
  purgeObjectEvents,
  purgeQueryFingerprints,
  resumeStrandedJobs,
  sweepOrphanFingerprints,
  vacuumEmbedded,
} from '@kinoprint/store'
import { newSweep, restoreLostJobs, type WaitingSweep } from './restore-lost-jobs.ts'

const ROUND_MS = 3_000
/** Waiting jobs compared with the queue per round. A round takes under a second, and 100,000 jobs take a minute. */
const MAX_COMPARED = 5_000
const MINUTE_MS = 60_000
const SWEEP_MS = 5 * MINUTE_MS
const PURGE_MS = 60 * MINUTE_MS
/** A fingerprint that has been staged for longer counts as abandoned. */
export const ORPHAN_MS = 60 * MINUTE_MS

export type ReconcilerOptions = {
  readonly db: Database
  readonly queue: JobQueue
  readonly log: Log
  /** How long finished jobs are kept. */
  readonly jobRetentionDays: number
  /** How long fingerprints of queries are kept. 0 deletes all that are left. */
  readonly queryRetentionDays: number
  /** How long entries of the audit log are kept. Default: 0, forever. */
  readonly auditRetentionDays?: number
  /** Removes temporary files left behind by dead workers on this machine. */
  readonly sweepFiles?: () => Promise<void>
  /** Removes uploads that were never completed. */
  readonly sweepUploads?: () => Promise<void>
  /** Continues the inventory jobs that are due, once a round. */
  readonly runInventory?: () => Promise<void>
  /** Pause between two rounds. Tests shorten it. */
  readonly roundMs?: number
  readonly freshMs?: number
}

export type Reconciler = {
  /** Stops after the current round. */
  close(): Promise<void>
}

export type ReconcileOptions = Pick<ReconcilerOptions, 'db' | 'queue' | 'log' | 'freshMs'> & {
  /** Carried from round to round. Default: a new one. */
  readonly sweep?: WaitingSweep
}

/**
 * One round: returns jobs of dead workers to the queue and restores jobs that the queue has lost. The database decides.
 * Each step is one statement that changes only the rows it applies to, so several reconcilers can run at a time.
 */
export async function reconcileOnce({
  db,
  queue,
  log,
  freshMs,
  sweep = newSweep(),
}: ReconcileOptions): Promise<{ dispatched: number }> {
  const { requeued, failed } = await expireLeases(db)
  if (requeued.length > 0) log.warn({ jobIds: requeued }, 'Requeued jobs whose worker died')
  if (failed.length > 0) log.error({ jobIds: failed }, 'Failed jobs whose worker died too often')
  const dispatched = await restoreLostJobs({ db, queue, freshMs, sweep, maxJobs: MAX_COMPARED })
  if (dispatched > 0) log.info({ jobs: dispatched }, 'Restored jobs that the queue had lost')
  return { dispatched }
}

/** Starts the loop: rounds every 3 s, sweeps every 5 min, a purge every hour. */
export function startReconciler(options: ReconcilerOptions): Reconciler {
  const { log, roundMs = ROUND_MS } = options
  const tasks = periodicTasks(options)
  const sweep = newSweep()
  const stop = new AbortController()
  const guarded = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      // The next round retries.
      if (!stop.signal.aborted) logFailure(log, error, { message: 'A reconciler round failed' })
    }
  }
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await guarded(() => reconcileOnce({ ...options, sweep }))
      for (const task of tasks) {
        if (stop.signal.aborted || performance.now() - task.lastRunMs < task.intervalMs) continue
        task.lastRunMs = performance.now()
        await guarded(task.run)
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

type PeriodicTask = {
  readonly intervalMs: number
  lastRunMs: number
  readonly run: () => Promise<void>
}

function periodicTasks({
  db,
  log,
  jobRetentionDays,
  queryRetentionDays,
  auditRetentionDays = 0,
  sweepFiles,
  sweepUploads,
  runInventory,
}: ReconcilerOptions): PeriodicTask[] {
  const sweepDatabase = async (): Promise<void> => {
    const swept = await sweepOrphanFingerprints(db, { olderThanMs: ORPHAN_MS })
    if (swept > 0) log.info({ swept }, 'Removed unpublished fingerprints')
    await vacuumEmbedded(db)
    // A job released while its queue was being resumed stays paused.
    await resumeStrandedJobs(db)
  }
  const purge = async (): Promise<void> => {
    // What is kept of an hour outlives its jobs.
    await keepJobHours(db)
    const purged = await purgeEndedJobs(db, { olderThanDays: jobRetentionDays })
    if (purged > 0) log.info({ purged }, 'Purged jobs past their retention')
    await forgetDeletedIds(db)
    await purgeMatchDeliveries(db, { olderThanDays: jobRetentionDays })
    await purgeObjectEvents(db, { olderThanDays: jobRetentionDays })
    const entries = await purgeAudit(db, { olderThanDays: auditRetentionDays })
    if (entries > 0) log.info({ entries }, 'Purged entries of the audit log past their retention')
    const queries = await purgeQueryFingerprints(db, { olderThanDays: queryRetentionDays })
    await forgetWholeQueries(db, { olderThanDays: queryRetentionDays })
    if (queries > 0) log.info({ queries }, 'Purged fingerprints of queries past their retention')
  }
  return [
    { intervalMs: SWEEP_MS, run: sweepDatabase },
    { intervalMs: SWEEP_MS, run: async () => sweepFiles?.() },
    { intervalMs: PURGE_MS, run: async () => sweepUploads?.() },
    { intervalMs: 0, run: async () => runInventory?.() },
    { intervalMs: PURGE_MS, run: purge },
  ].map((task) => ({ ...task, lastRunMs: Number.NEGATIVE_INFINITY }))
}
