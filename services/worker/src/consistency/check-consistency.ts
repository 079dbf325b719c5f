import {
  countDeadLeases,
  countOrphanFingerprints,
  countStrandedJobs,
  expireLeases,
  listWrongTotals,
  recountLibrary,
  resumeStrandedJobs,
  sweepOrphanFingerprints,
} from '@kinoprint/store'
import { countLostJobs, newSweep, restoreLostJobs } from '../reconciler/restore-lost-jobs.ts'
import { ORPHAN_MS } from '../reconciler/start-reconciler.ts'
import { checkObjects, checkThumbnails } from './check-files.ts'
import { checkIndex } from './check-index.ts'
import {
  addFault,
  type Check,
  type CheckOptions,
  type ConsistencyFault,
  type ConsistencyReport,
  count,
  type Findings,
} from './findings.ts'

const checks: readonly Check[] = [
  checkQueueServer,
  checkLeases,
  checkPausedJobs,
  checkQueue,
  checkFingerprints,
  checkIndex,
  checkTotals,
  checkThumbnails,
  checkObjects,
]

/**
 * Checks that jobs, queue, videos, fingerprints, index, totals, thumbnails and objects are consistent. With `repair`, it
 * also repairs what it can. It can run while the product is busy.
 */
export async function checkConsistency(
  options: CheckOptions,
  { repair }: { repair: boolean },
): Promise<ConsistencyReport> {
  const faults: ConsistencyFault[] = []
  const repairs: string[] = []
  const notes: string[] = []
  for (const check of checks) {
    options.signal.throwIfAborted()
    await check(options, { repair, faults, repairs, notes })
  }
  return { faults, repairs, notes }
}

/** Settings of the queue server that can lose jobs. Only an operator can change them. */
async function checkQueueServer({ queue: openQueue }: CheckOptions, findings: Findings): Promise<void> {
  const queue = await openQueue()
  for (const { message, severity } of await queue.warnings()) {
    if (severity === 'fault') await addFault(findings, message)
    else findings.notes.push(message)
  }
}

async function checkLeases({ db }: CheckOptions, findings: Findings): Promise<void> {
  const dead = await countDeadLeases(db)
  if (dead === 0) return
  const message = `${count(dead, 'job is', 'jobs are')} running without a worker.`
  await addFault(findings, message, async () => {
    let expired = 0
    for (;;) {
      const { requeued, failed } = await expireLeases(db)
      if (requeued.length + failed.length === 0) break
      expired += requeued.length + failed.length
    }
    return `Requeued or failed ${count(expired, 'job', 'jobs')} of dead workers.`
  })
}

async function checkPausedJobs({ db }: CheckOptions, findings: Findings): Promise<void> {
  const stranded = await countStrandedJobs(db)
  if (stranded === 0) return
  const message = `${count(stranded, 'job is', 'jobs are')} paused in a queue that is active.`
  await addFault(findings, message, async () => {
    const resumed = await resumeStrandedJobs(db)
    return `Resumed ${count(resumed, 'job', 'jobs')}.`
  })
}

/** Waiting jobs that the queue has lost, or holds in a state from which no worker takes jobs. */
async function checkQueue({ db, queue: openQueue }: CheckOptions, findings: Findings): Promise<void> {
  const queue = await openQueue()
  const lost = await countLostJobs({ db, queue })
  if (lost === 0) return
  const message = `${count(lost, 'waiting job is', 'waiting jobs are')} missing from the queue.`
  await addFault(findings, message, async () => {
    const maxJobs = Number.POSITIVE_INFINITY
    const restored = await restoreLostJobs({ db, queue, sweep: newSweep(), maxJobs })
    return `Returned ${count(restored, 'job', 'jobs')} to the queue.`
  })
}

async function checkFingerprints({ db }: CheckOptions, findings: Findings): Promise<void> {
  const orphans = await countOrphanFingerprints(db, { olderThanMs: ORPHAN_MS })
  if (orphans === 0) return
  const message = `${count(orphans, 'fingerprint belongs', 'fingerprints belong')} to no video.`
  await addFault(findings, message, async () => {
    const swept = await sweepOrphanFingerprints(db, { olderThanMs: ORPHAN_MS })
    return `Removed ${count(swept, 'fingerprint', 'fingerprints')}.`
  })
}

async function checkTotals({ db }: CheckOptions, findings: Findings): Promise<void> {
  for (const dnaDbId of await listWrongTotals(db)) {
    await addFault(findings, `The totals of library ${dnaDbId} are wrong.`, async () => {
      await recountLibrary(db, dnaDbId)
      return `Recounted the totals of library ${dnaDbId}.`
    })
  }
}
