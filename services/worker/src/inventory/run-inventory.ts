import { Fault, type Log } from '@kinoprint/core'
import type { ObjectStore } from '@kinoprint/objects'
import type { JobQueue } from '@kinoprint/queue'
import {
  type ClaimedInventoryJob,
  claimInventoryJob,
  type Database,
  failInventoryJob,
  finishInventoryJob,
  postponeInventoryJob,
  submitInventoryBatch,
} from '@kinoprint/store'
import { nextObjects } from './next-objects.ts'

export type InventoryContext = {
  readonly db: Database
  readonly queue: JobQueue
  readonly objects: ObjectStore
  readonly log: Log
  /** How many jobs of one key may wait; 0 means no limit. */
  readonly waitingPerKey: number
}

/** Pause while the queue is full, and before looking again whether the last jobs have ended. */
const PAUSE_SECONDS = 5
/** Batches per call, so that other work of the caller is not held up. */
const MAX_BATCHES = 20

/** Faults that pass. The batch is submitted later. */
const PASSING: readonly Fault['code'][] = [
  'QueueSaturated',
  'LimitExceeded',
  'ServiceUnavailable',
  'ResourceDownloadFailed',
]

/** Continues the inventory jobs that are due, batch by batch. Several workers can do so at a time. */
export async function runInventory(context: InventoryContext): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const job = await claimInventoryJob(context.db)
    if (job === null) return
    await advance(context, job)
  }
}

async function advance(context: InventoryContext, job: ClaimedInventoryJob): Promise<void> {
  const { db, log } = context
  const { inventoryJobId } = job
  try {
    if (!job.isListed) await submitNext(context, job)
    else if (!(await finishInventoryJob(db, inventoryJobId)))
      await postponeInventoryJob(db, inventoryJobId, { seconds: PAUSE_SECONDS })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (PASSING.includes(error.code)) {
      await postponeInventoryJob(db, inventoryJobId, { seconds: PAUSE_SECONDS })
      return
    }
    log.warn({ inventoryJobId, code: error.code, error: error.message }, 'An inventory job failed')
    await failInventoryJob(db, inventoryJobId, error)
  }
}

async function submitNext(
  { db, queue, objects, log, waitingPerKey }: InventoryContext,
  job: ClaimedInventoryJob,
): Promise<void> {
  const next = await nextObjects(objects, job)
  const { ruleType, dnaDbId, userData, jobLevel, queueId, callback } = job.request
  const { bucket, region, secretId } = job
  const common = { ruleType, dnaDbId, userData, jobLevel, queueId, callback, bucket, region, secretId }
  const jobs = await submitInventoryBatch(db, job, {
    waitingPerKey,
    batch: { ...next, jobs: next.objects.map((object) => ({ ...common, object, libraryMustExist: true })) },
  })
  const waiting = (jobs ?? []).filter(({ state }) => state === 'Submitted')
  if (waiting.length === 0) return
  await queue.enqueueMany(waiting).catch((err: unknown) => {
    // The reconciler dispatches waiting jobs that the queue does not have.
    log.debug({ err }, 'Could not dispatch the jobs of an inventory job')
  })
}
