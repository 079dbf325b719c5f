import { errorText, Fault } from '@kinoprint/core'
import { comparePair, logFailure } from '@kinoprint/engine'
import {
  type ClaimedComparison,
  type ComparisonProgress,
  type ComparisonSideName,
  endComparison,
  releaseComparison,
  renewComparison,
} from '@kinoprint/store'
import type { JobContext } from '../jobs/job-context.ts'
import { keepLease } from '../keep-lease.ts'
import { readSide, type SideFingerprint } from './read-side.ts'

export const COMPARISON_LEASE_MS = 10_000
/** How often progress is saved and the lease renewed. */
const RENEWAL_MS = 1_000

const unread = { progress: 0, durationSeconds: null, hasAudio: null }

type Progress = { -readonly [Key in keyof Omit<ComparisonProgress, 'leaseMs'>]: ComparisonProgress[Key] }

/** Runs a claimed comparison to its end. `signal` is aborted when the worker shuts down: then another one runs it. */
export async function runComparison(
  context: JobContext,
  { comparison, fence }: ClaimedComparison,
  signal: AbortSignal,
): Promise<void> {
  const { db, log } = context
  const { comparisonId } = fence
  const progress: Progress = { stage: 'fetch', query: unread, reference: unread }
  const lease = keepLease({
    everyMs: RENEWAL_MS,
    renew: () => renewComparison(db, fence, { ...progress, leaseMs: COMPARISON_LEASE_MS }),
    onError: (error) => {
      const message = 'Could not renew the lease of a comparison'
      logFailure(log, error, { message, fields: { comparisonId } })
    },
  })
  try {
    const running = { signal: AbortSignal.any([signal, lease.lost]), progress }
    const [query, reference] = await readBoth(context, comparison, running)
    progress.stage = 'match'
    const { result, evidence } = await comparePair(context, { query, reference }, running)
    lease.stop()
    await endComparison(db, fence, { ...progress, state: 'Success', result, evidence })
    log.info({ comparisonId, accepted: result.accepted }, 'Comparison ended')
  } catch (error) {
    lease.stop()
    if (lease.lost.aborted) return
    if (signal.aborted) return releaseComparison(db, fence)
    await endComparison(db, fence, { ...progress, state: 'Failed', error: failureOf(error) })
    logFailure(log, error, { message: 'A comparison failed', fields: { comparisonId } })
  }
}

type Running = { readonly signal: AbortSignal; readonly progress: Progress }

/** Reads both sides at once. A failure stops the other side. */
async function readBoth(
  context: JobContext,
  comparison: ClaimedComparison['comparison'],
  { signal, progress }: Running,
): Promise<[SideFingerprint, SideFingerprint]> {
  const failed = new AbortController()
  const read = async (side: ComparisonSideName): Promise<SideFingerprint> => {
    try {
      return await readSide(context, comparison[side], {
        signal: AbortSignal.any([signal, failed.signal]),
        report: (reading) => {
          progress[side] = reading
          progress.stage = 'fingerprint'
        },
      })
    } catch (error) {
      const isFirst = !failed.signal.aborted
      failed.abort()
      throw isFirst ? new SideError(side, error) : error
    }
  }
  const sides = await Promise.allSettled([read('query'), read('reference')])
  const [query, reference] = sides
  if (query.status === 'fulfilled' && reference.status === 'fulfilled') return [query.value, reference.value]
  const reasons = sides.flatMap((side) => (side.status === 'rejected' ? [side.reason as unknown] : []))
  throw reasons.find((reason) => reason instanceof SideError) ?? reasons[0]
}

/** One side could not be read. */
class SideError extends Error {
  readonly side: ComparisonSideName

  constructor(side: ComparisonSideName, cause: unknown) {
    super(errorText(cause), { cause })
    this.side = side
  }
}

function failureOf(error: unknown): { code: string; message: string; side: ComparisonSideName | null } {
  const side = error instanceof SideError ? error.side : null
  const cause = error instanceof SideError ? error.cause : error
  if (cause instanceof Fault) return { code: cause.code, message: cause.message, side }
  const message = 'The comparison failed because of an internal error. The worker logged the details.'
  return { code: 'InternalError', message, side }
}
