import {
  countDeadLeases,
  countOrphanFingerprints,
  countStrandedJobs,
  expireLeases,
  jobsToDispatch,
  listWrongTotals,
  recountLibraries,
  resumeStrandedJobs,
  sweepOrphanFingerprints,
} from '@kinoprint/store'
import { FRESH_MS, ORPHAN_MS, reconcileOnce } from '../reconciler.ts'
import { type CheckOptions, type ConsistencyReport, count, type Look } from './findings.ts'
import { lookAtIndex } from './look-at-index.ts'
import { lookAtObjects } from './look-at-objects.ts'
import { lookAtStills } from './look-at-stills.ts'

const JOBS_MAX = 10_000

/** Compares jobs, queue, videos, fingerprints, index, totals, stills and objects; with `repair` puts right what is wrong. */
export const checkConsistency = async (
  options: CheckOptions,
  { repair }: { repair: boolean },
): Promise<ConsistencyReport> => {
  const faults: string[] = []
  const repairs: string[] = []
  const notes: string[] = []
  const looks = [lookAtJobs, lookAtFingerprints, lookAtIndex, lookAtTotals, lookAtStills, lookAtObjects]
  for (const look of looks) {
    options.signal.throwIfAborted()
    await look(options, { repair, faults, repairs, notes })
  }
  return { faults, repairs, notes }
}

const lookAtJobs: Look = async ({ db, queue: openQueue, log }, { repair, faults, repairs }) => {
  const dead = await countDeadLeases(db)
  if (dead > 0) {
    faults.push(`${count(dead, 'job runs', 'jobs run')} without a worker.`)
    if (repair) {
      const { requeued, failed } = await expireLeases(db)
      repairs.push(
        `${count(requeued.length + failed.length, 'job was', 'jobs were')} taken from dead workers.`,
      )
    }
  }
  const stranded = await countStrandedJobs(db)
  if (stranded > 0) {
    faults.push(`${count(stranded, 'job is', 'jobs are')} paused in a queue that is not.`)
    if (repair) {
      const resumed = await resumeStrandedJobs(db)
      repairs.push(`${count(resumed, 'job was', 'jobs were')} resumed.`)
    }
  }
  const queue = await openQueue()
  const waiting = await jobsToDispatch(db, { olderThanMs: FRESH_MS, limit: JOBS_MAX })
  const held = await queue.has(waiting.map((job) => job.jobId))
  const lost = waiting.length - held.size
  if (lost === 0) return
  faults.push(`${count(lost, 'waiting job is', 'waiting jobs are')} missing from the queue.`)
  if (!repair) return
  const { dispatched } = await reconcileOnce({ db, queue, log })
  repairs.push(`${count(dispatched, 'job was', 'jobs were')} put back into the queue.`)
}

const lookAtFingerprints: Look = async ({ db }, { repair, faults, repairs }) => {
  const orphans = await countOrphanFingerprints(db, { olderThanMs: ORPHAN_MS })
  if (orphans === 0) return
  faults.push(`${count(orphans, 'fingerprint belongs', 'fingerprints belong')} to no video.`)
  if (!repair) return
  const swept = await sweepOrphanFingerprints(db, { olderThanMs: ORPHAN_MS })
  repairs.push(`${count(swept, 'fingerprint was', 'fingerprints were')} removed.`)
}

const lookAtTotals: Look = async ({ db }, { repair, faults, repairs }) => {
  const wrong = await listWrongTotals(db)
  for (const dnaDbId of wrong) faults.push(`The totals of library ${dnaDbId} are wrong.`)
  if (!repair || wrong.length === 0) return
  const counted = await recountLibraries(db)
  repairs.push(`${count(counted, 'library was', 'libraries were')} counted anew.`)
}
