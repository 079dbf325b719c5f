import { errorText, Fault } from '@kinoprint/core'
import { logFailure } from '@kinoprint/engine'
import {
  claimVideoToReindex,
  isAnyJobWaiting,
  isDatabaseUnavailable,
  type ReindexingOutcome,
  recordReindexedVideo,
  renewReindexing,
  ShardUnavailable,
  type VideoToReindex,
} from '@kinoprint/store'
import { keepLease } from '../keep-lease.ts'
import { type PollLoop, startPollLoop } from '../poll-loop.ts'
import { LONG_BYTES, type SchedulerSlots } from '../scheduler-slots.ts'
import type { WorkCheck } from '../waiting-work.ts'
import { type RenewContext, renewVideo } from './renew-video.ts'

const LEASE_MS = 30_000
const RENEWAL_MS = 5_000
/** After a video while jobs wait, so that re-indexing hardly delays them and still ends. */
const PAUSE_FOR_JOBS_MS = 10_000
/** How often a video is tried whose object cannot be read. */
const MAX_TRIES = 3

export type ReindexingOptions = Omit<RenewContext, 'ffmpegThreads'> & {
  readonly workerId: string
  readonly slots: SchedulerSlots
  readonly isWaiting: WorkCheck
}

/** Starts continuing a re-indexing, one video at a time. Its next video goes to another worker when this closes. */
export function startReindexingLoop(options: ReindexingOptions): PollLoop {
  const { db, log, workerId, isWaiting } = options
  const tries = { fingerprintId: 0, count: 0 }
  return startPollLoop({
    runNext: async (signal) => {
      if (!(await isWaiting('reindexing'))) return false
      const video = await claimVideoToReindex(db, { workerId, leaseMs: LEASE_MS })
      if (video === null) return false
      if (tries.fingerprintId !== video.fingerprintId) Object.assign(tries, { ...video, count: 0 })
      tries.count += 1
      const outcome = await renewUnderLease(options, video, { signal, isLastTry: tries.count >= MAX_TRIES })
      if (outcome === null) return false
      const pauseMs = (await isAnyJobWaiting(db)) ? PAUSE_FOR_JOBS_MS : 0
      await recordReindexedVideo(db, { ...video, workerId, outcome, pauseMs })
      return true
    },
    clean: async () => undefined,
    cleanEveryMs: Number.POSITIVE_INFINITY,
    log,
    failure: 'Could not continue re-indexing',
  })
}

type Try = { readonly signal: AbortSignal; readonly isLastTry: boolean }

/** Null if the video is to be tried again, or re-indexing was stopped. */
async function renewUnderLease(
  { slots, workerId, ...context }: ReindexingOptions,
  video: VideoToReindex,
  { signal, isLastTry }: Try,
): Promise<ReindexingOutcome | null> {
  const { db, log } = context
  const { reindexingId, videoId, dnaDbId } = video
  // Decoding counts as a long video; reading a stored fingerprint takes milliseconds.
  const slot = slots.acquire(video.isOldFormat ? LONG_BYTES : 0)
  if (slot === null) return null
  const lease = keepLease({
    everyMs: RENEWAL_MS,
    renew: () => renewReindexing(db, { reindexingId, workerId, leaseMs: LEASE_MS }),
  })
  const either = AbortSignal.any([signal, lease.lost])
  try {
    return await renewVideo({ ...context, ffmpegThreads: 1 }, video, either)
  } catch (error) {
    if (either.aborted) return null
    if (isDatabaseUnavailable(error) || error instanceof ShardUnavailable) throw error
    const isKnown = error instanceof Fault
    if (!isLastTry) {
      logFailure(log, error, {
        message: 'Could not re-index a video; will retry',
        fields: { videoId, dnaDbId },
      })
      return null
    }
    if (!isKnown) log.error({ videoId, dnaDbId, err: error }, 'Could not re-index a video')
    return { failure: isKnown ? error.message : `Internal error: ${errorText(error)}` }
  } finally {
    lease.stop()
    slot.release()
  }
}
