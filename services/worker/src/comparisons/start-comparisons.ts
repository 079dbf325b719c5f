import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@kinoprint/core'
import { logFailure } from '@kinoprint/engine'
import { claimComparison, deleteComparison, expiredComparisons, failLostComparisons } from '@kinoprint/store'
import type { JobContext } from '../jobs/job-context.ts'
import type { SchedulerSlots } from '../scheduler-slots.ts'
import { COMPARISON_LEASE_MS, runComparison } from './run-comparison.ts'

/** Pause between two looks for waiting comparisons. */
const POLL_MS = 500
/** Pause while the database is unavailable. */
const DATABASE_PAUSE_MS = 3_000
const EXPIRY_MS = 60_000
const EXPIRY_LIMIT = 50

export type ComparisonOptions = Omit<JobContext, 'ffmpegThreads'> & { readonly slots: SchedulerSlots }

export type RunningComparisons = {
  /** Stops. A running comparison goes to another worker. */
  close(): Promise<void>
}

/** Starts running comparisons, one at a time, and deletes those whose hour is over. */
export function startComparisons({ slots, ...context }: ComparisonOptions): RunningComparisons {
  const { db, log } = context
  const stop = new AbortController()
  let lastExpiryMs = Number.NEGATIVE_INFINITY

  const runNext = async (): Promise<boolean> => {
    const claimed = await claimComparison(db, { leaseMs: COMPARISON_LEASE_MS })
    if (claimed === null) return false
    // Somebody waits for it at a screen, so it counts as short.
    const slot = slots.acquire(0)
    try {
      await runComparison({ ...context, ffmpegThreads: slot?.threads ?? 1 }, claimed, stop.signal)
    } finally {
      slot?.release()
    }
    return true
  }
  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      let pauseMs = POLL_MS
      try {
        if (performance.now() - lastExpiryMs > EXPIRY_MS) {
          lastExpiryMs = performance.now()
          await failLostComparisons(db)
          await removeExpiredComparisons(context)
        }
        if (await runNext()) pauseMs = 0
      } catch (error) {
        if (stop.signal.aborted) return
        logFailure(log, error, { message: 'Could not run comparisons' })
        pauseMs = DATABASE_PAUSE_MS
      }
      await delay(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined)
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

/** Deletes comparisons past their hour, uploads first, so that no upload is left without its comparison. */
export async function removeExpiredComparisons({
  db,
  objects,
}: Pick<JobContext, 'db' | 'objects'>): Promise<number> {
  const expired = await expiredComparisons(db, { limit: EXPIRY_LIMIT })
  for (const { comparisonId, query, reference } of expired) {
    for (const { source, bucket, object } of [query, reference])
      if (source === 'upload') await objects.remove(bucket, object).catch(ignoreMissing)
    await deleteComparison(db, comparisonId)
  }
  return expired.length
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Fault) || error.code !== 'ResourceNotFound') throw error
}
