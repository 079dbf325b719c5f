import type { JobQueue } from '@kinoprint/queue'
import {
  countDanglingRows,
  countDeadLeases,
  countOrphanFingerprints,
  expireLeases,
  getVideo,
  jobsToDispatch,
  listUnindexedVideos,
  listWrongTotals,
  loadFingerprints,
  recountLibraries,
  removeDanglingRows,
  sweepOrphanFingerprints,
} from '@kinoprint/store'
import { FRESH_MS, ORPHAN_MS, reconcileOnce } from '../reconciler.ts'
import { type ReindexOptions, reindexVideo } from './reindex-all.ts'

export type ConsistencyReport = {
  /** One sentence a fault; empty when all is well. */
  readonly faults: readonly string[]
  /** What was put right, one sentence each. */
  readonly repairs: readonly string[]
}

export type CheckOptions = ReindexOptions & { readonly queue: () => Promise<JobQueue> }

const JOBS_MAX = 10_000

const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`

/** Compares jobs, queue, videos, fingerprints, index and totals; with `repair` puts right what is wrong. */
export const checkConsistency = async (
  options: CheckOptions,
  { repair }: { repair: boolean },
): Promise<ConsistencyReport> => {
  const faults: string[] = []
  const repairs: string[] = []
  for (const look of [lookAtJobs, lookAtFingerprints, lookAtIndex, lookAtTotals]) {
    options.signal.throwIfAborted()
    await look(options, { repair, faults, repairs })
  }
  return { faults, repairs }
}

type Findings = { readonly repair: boolean; readonly faults: string[]; readonly repairs: string[] }
type Look = (options: CheckOptions, findings: Findings) => Promise<void>

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

const lookAtIndex: Look = async (options, { repair, faults, repairs }) => {
  const { db, signal } = options
  const dangling = await countDanglingRows(db)
  if (dangling > 0) {
    faults.push(`${count(dangling, 'index row belongs', 'index rows belong')} to no fingerprint.`)
    if (repair) {
      const removed = await removeDanglingRows(db)
      repairs.push(`${count(removed, 'index row was', 'index rows were')} removed.`)
    }
  }
  for (const { dnaDbId, videoId } of await listUnindexedVideos(db)) {
    signal.throwIfAborted()
    if (!(await isMissing(options, { dnaDbId, videoId }))) continue
    faults.push(`Video ${videoId} of library ${dnaDbId} is not in the index.`)
    const video = repair ? await getVideo(db, { dnaDbId, videoId }) : null
    if (video !== null && (await reindexVideo(options, video))) {
      repairs.push(`Video ${videoId} was indexed anew.`)
    }
  }
}

/** A black and silent video has nothing to be found by: that is no fault. */
const isMissing = async (
  { db, pool, signal }: CheckOptions,
  { dnaDbId, videoId }: { dnaDbId: string; videoId: string },
): Promise<boolean> => {
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  if (stored === undefined) return false
  const rows = await pool.run<'index'>({ kind: 'index', data: stored.data }, { signal })
  return rows.keyframes.length + rows.audioWindows.length > 0
}

const lookAtTotals: Look = async ({ db }, { repair, faults, repairs }) => {
  const wrong = await listWrongTotals(db)
  for (const dnaDbId of wrong) faults.push(`The totals of library ${dnaDbId} are wrong.`)
  if (!repair || wrong.length === 0) return
  const counted = await recountLibraries(db)
  repairs.push(`${count(counted, 'library was', 'libraries were')} counted anew.`)
}
