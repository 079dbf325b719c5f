import { Fault } from '@kinoprint/core'
import { ingestFile, logFailure } from '@kinoprint/engine'
import { removeIfPresent } from '@kinoprint/objects'
import {
  type ClaimedHashRequest,
  claimHashRequest,
  deleteHashRequest,
  encodeExchange,
  endHashRequest,
  expiredHashRequests,
  releaseHashRequest,
  renewHashRequest,
} from '@kinoprint/store'
import type { JobContext } from '../jobs/job-context.ts'
import { keepLease } from '../keep-lease.ts'
import { type PollLoop, startPollLoop } from '../poll-loop.ts'
import type { SchedulerSlots } from '../scheduler-slots.ts'
import type { WorkCheck } from '../waiting-work.ts'

const LEASE_MS = 10_000
const RENEWAL_MS = 1_000
const EXPIRY_MS = 60_000
const EXPIRY_LIMIT = 50

export type HashingOptions = Omit<JobContext, 'ffmpegThreads'> & {
  readonly slots: SchedulerSlots
  readonly isWaiting: WorkCheck
}

/** Starts hashing files that requests wait for, one at a time, and removes what requests left behind. */
export function startHashing({ slots, isWaiting, ...context }: HashingOptions): PollLoop {
  const { db, log } = context
  const runNext = async (signal: AbortSignal): Promise<boolean> => {
    if (!(await isWaiting('hashRequests'))) return false
    const claimed = await claimHashRequest(db, { leaseMs: LEASE_MS })
    if (claimed === null) return false
    // A client waits for it, so it counts as short.
    const slot = slots.acquire(0)
    try {
      await runHashRequest({ ...context, ffmpegThreads: slot?.threads ?? 1 }, claimed, signal)
    } finally {
      slot?.release()
    }
    return true
  }
  return startPollLoop({
    runNext,
    clean: () => removeExpired(context),
    cleanEveryMs: EXPIRY_MS,
    log,
    failure: 'Could not hash files for requests',
  })
}

/** Hashes the file of a claimed request. `signal` is aborted when the worker shuts down: then another one takes it. */
async function runHashRequest(
  context: JobContext,
  { request, fence }: ClaimedHashRequest,
  signal: AbortSignal,
): Promise<void> {
  const { db, log } = context
  const lease = keepLease({
    everyMs: RENEWAL_MS,
    renew: () => renewHashRequest(db, fence, { leaseMs: LEASE_MS }),
    onError: (error) => logFailure(log, error, { message: 'Could not renew the lease of a file to hash' }),
  })
  try {
    const limited = AbortSignal.any([signal, lease.lost])
    const fingerprint = await fingerprintOf(context, request, limited)
    await endHashRequest(db, fence, { fingerprint })
  } catch (error) {
    if (lease.lost.aborted) return
    if (signal.aborted) return await releaseHashRequest(db, fence)
    await endHashRequest(db, fence, { error: failureOf(error) })
    logFailure(log, error, { message: 'Could not hash a file', fields: { requestId: request.requestId } })
  } finally {
    lease.stop()
  }
}

/** The fingerprint file of an object. */
async function fingerprintOf(
  context: JobContext,
  { bucket, object }: ClaimedHashRequest['request'],
  signal: AbortSignal,
): Promise<Uint8Array> {
  const file = await context.objects.fetch(bucket, object, { signal })
  try {
    const { stored, facts } = await ingestFile(context, file.openPath ?? file.path, {
      ...{ signal, onProgress: () => undefined, storeDetail: 'full', asQuery: false, thumbnailsDir: null },
    })
    return encodeExchange({ name: object, ...facts, data: stored.data }, 'kfp')
  } finally {
    await file.release()
  }
}

function failureOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof Fault) return { code: error.code, message: error.message }
  const message = 'The file could not be hashed because of an internal error. The worker logged the details.'
  return { code: 'InternalError', message }
}

/** Files first, so that none is left without its request. */
async function removeExpired({ db, objects }: Pick<JobContext, 'db' | 'objects'>): Promise<void> {
  for (const { requestId, bucket, object } of await expiredHashRequests(db, { limit: EXPIRY_LIMIT })) {
    await removeIfPresent(objects, bucket, object)
    await deleteHashRequest(db, requestId)
  }
}
