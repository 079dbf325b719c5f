import { removeIfPresent } from '@kinoprint/objects'
import { claimComparison, deleteComparison, expiredComparisons, failLostComparisons } from '@kinoprint/store'
import type { JobContext } from '../jobs/job-context.ts'
import { type PollLoop, startPollLoop } from '../poll-loop.ts'
import type { SchedulerSlots } from '../scheduler-slots.ts'
import type { WorkCheck } from '../waiting-work.ts'
import { COMPARISON_LEASE_MS, runComparison } from './run-comparison.ts'

const EXPIRY_MS = 60_000
const EXPIRY_LIMIT = 50

export type ComparisonOptions = Omit<JobContext, 'ffmpegThreads'> & {
  readonly slots: SchedulerSlots
  readonly isWaiting: WorkCheck
}

/** A running comparison goes to another worker when this closes. */
export type RunningComparisons = PollLoop

/** Starts running comparisons, one at a time, and deletes those whose hour is over. */
export function startComparisons({ slots, isWaiting, ...context }: ComparisonOptions): RunningComparisons {
  const { db, log } = context
  const runNext = async (signal: AbortSignal): Promise<boolean> => {
    if (!(await isWaiting('comparisons'))) return false
    const claimed = await claimComparison(db, { leaseMs: COMPARISON_LEASE_MS })
    if (claimed === null) return false
    // Somebody waits for it at a screen, so it counts as short.
    const slot = slots.acquire(0)
    try {
      await runComparison({ ...context, ffmpegThreads: slot?.threads ?? 1 }, claimed, signal)
    } finally {
      slot?.release()
    }
    return true
  }
  return startPollLoop({
    runNext,
    clean: async () => {
      await failLostComparisons(db)
      await removeExpiredComparisons(context)
    },
    cleanEveryMs: EXPIRY_MS,
    log,
    failure: 'Could not run comparisons',
  })
}

/** Deletes comparisons past their hour, uploads first, so that no upload is left without its comparison. */
export async function removeExpiredComparisons({
  db,
  objects,
}: Pick<JobContext, 'db' | 'objects'>): Promise<number> {
  const expired = await expiredComparisons(db, { limit: EXPIRY_LIMIT })
  for (const { comparisonId, query, reference } of expired) {
    for (const { source, bucket, object } of [query, reference])
      if (source === 'upload') await removeIfPresent(objects, bucket, object)
    await deleteComparison(db, comparisonId)
  }
  return expired.length
}
