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
import { ORPHAN_MS } from '../reconciler.ts'
import { countLostJobs, newSweep, restoreLostJobs } from '../restore-lost-jobs.ts'
import {
  type CheckOptions,
  type ConsistencyFault,
  type ConsistencyReport,
  count,
  type Look,
  noteFault,
} from './findings.ts'
import { lookAtIndex } from './look-at-index.ts'
import { lookAtObjects } from './look-at-objects.ts'
import { lookAtStills } from './look-at-stills.ts'

/** Compares jobs, queue, videos, fingerprints, index, totals, stills and objects; with `repair` puts right what is wrong. */
export const checkConsistency = async (
  options: CheckOptions,
  { repair }: { repair: boolean },
): Promise<ConsistencyReport> => {
  const faults: ConsistencyFault[] = []
  const repairs: string[] = []
  const notes: string[] = []
  const looks = [
    lookAtServers,
    lookAtJobs,
    lookAtQueue,
    lookAtFingerprints,
    lookAtIndex,
    lookAtTotals,
    lookAtStills,
    lookAtObjects,
  ]
  for (const look of looks) {
    options.signal.throwIfAborted()
    await look(options, { repair, faults, repairs, notes })
  }
  return { faults, repairs, notes }
}

/** Settings of the queue's server that can lose jobs: for an operator to change. */
const lookAtServers: Look = async ({ queue: openQueue }, findings) => {
  const queue = await openQueue()
  for (const { message, severity } of await queue.warnings()) {
    if (severity === 'fault') await noteFault(findings, message)
    else findings.notes.push(message)
  }
}

const lookAtJobs: Look = async ({ db }, findings) => {
  const dead = await countDeadLeases(db)
  if (dead > 0) {
    const message = `${count(dead, 'job runs', 'jobs run')} without a worker.`
    await noteFault(findings, message, async () => {
      let taken = 0
      for (;;) {
        const { requeued, failed } = await expireLeases(db)
        if (requeued.length + failed.length === 0) break
        taken += requeued.length + failed.length
      }
      return `${count(taken, 'job was', 'jobs were')} taken from dead workers.`
    })
  }
  const stranded = await countStrandedJobs(db)
  if (stranded > 0) {
    const message = `${count(stranded, 'job is', 'jobs are')} paused in a queue that is not.`
    await noteFault(findings, message, async () => {
      const resumed = await resumeStrandedJobs(db)
      return `${count(resumed, 'job was', 'jobs were')} resumed.`
    })
  }
}

/** Waiting jobs that the queue does not know, or knows in a way in which no worker would get them. */
const lookAtQueue: Look = async ({ db, queue: openQueue }, findings) => {
  const queue = await openQueue()
  const lost = await countLostJobs({ db, queue })
  if (lost === 0) return
  const message = `${count(lost, 'waiting job is', 'waiting jobs are')} missing from the queue.`
  await noteFault(findings, message, async () => {
    const jobsMax = Number.POSITIVE_INFINITY
    const restored = await restoreLostJobs({ db, queue, sweep: newSweep(), jobsMax })
    return `${count(restored, 'job was', 'jobs were')} put back into the queue.`
  })
}

const lookAtFingerprints: Look = async ({ db }, findings) => {
  const orphans = await countOrphanFingerprints(db, { olderThanMs: ORPHAN_MS })
  if (orphans === 0) return
  const message = `${count(orphans, 'fingerprint belongs', 'fingerprints belong')} to no video.`
  await noteFault(findings, message, async () => {
    const swept = await sweepOrphanFingerprints(db, { olderThanMs: ORPHAN_MS })
    return `${count(swept, 'fingerprint was', 'fingerprints were')} removed.`
  })
}

const lookAtTotals: Look = async ({ db }, findings) => {
  for (const dnaDbId of await listWrongTotals(db)) {
    await noteFault(findings, `The totals of library ${dnaDbId} are wrong.`, async () => {
      await recountLibrary(db, dnaDbId)
      return `The totals of library ${dnaDbId} were recounted.`
    })
  }
}
