import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '@kinoprint/core'
import type { Outcome } from '@kinoprint/queue'
import {
  type Database,
  getJobHeads,
  isAnyJobWaiting,
  type NextJob,
  nextJobs,
  recordJobBytes,
} from '@kinoprint/store'
import { type JobRun, waitForDatabase } from './run-job.ts'
import { LONG_BYTES, type SchedulerSlots, type Slot } from './scheduler-slots.ts'

/** The fields that decide whether a job may run now. */
export type JobToSchedule = Pick<NextJob, 'ruleType' | 'bucket' | 'object'>

export type SchedulerContext = {
  readonly db: Database
  readonly log: Log
  readonly slots: SchedulerSlots
  /** Bytes of the job's object; 0 if the job reads none or the size is unknown. */
  readonly sizeOf: (job: JobToSchedule) => Promise<number>
  /** Runs the job in the slot, unless another worker has claimed it, and releases the slot. */
  readonly run: (jobId: string, slot: Slot) => Promise<JobRun>
}

/** A queue entry. */
type Delivery = { readonly jobId: string; readonly signal: AbortSignal }

/** Jobs per page and pages per entry. A backlog of long videos must not hide the short ones. */
const PAGE_SIZE = 16
const MAX_PAGES = 8
/** Pause after an entry for which no job may run, because none may run for the next entry either. */
const IDLE_MS = 200
/** Delay before an entry that is kept for a waiting job is delivered again. */
const RETRY_MS = 1_000

/**
 * Handles a queue entry by running the job whose bucket and key are next in turn. An entry only says that one more job
 * waits. The database decides which job runs, so that no bucket or key gets more than its share by being early.
 */
export async function runNextJob(context: SchedulerContext, delivery: Delivery): Promise<Outcome> {
  try {
    const { settled, outcome } =
      (await runFirstFitting(context, delivery)) ?? (await runDelivered(context, delivery))
    if (settled || outcome.kind === 'done') return outcome
    await delay(IDLE_MS, undefined, { signal: delivery.signal }).catch(() => undefined)
    return outcome
  } catch (error) {
    return waitForDatabase(context, error, delivery)
  }
}

/** Runs the first waiting job that fits a free slot; null if none fits. */
async function runFirstFitting(context: SchedulerContext, delivery: Delivery): Promise<JobRun | null> {
  const { db, slots } = context
  for (let page = 0; page < MAX_PAGES; page++) {
    const belowBytes = slots.acceptsLong() ? null : LONG_BYTES
    const jobs = await nextJobs(db, { limit: PAGE_SIZE, belowBytes })
    const { run, hasNewSizes } = await runOneOf(context, ownJobFirst(jobs, delivery.jobId), delivery)
    if (run !== null || !hasNewSizes) return run
  }
  return null
}

/** Among jobs with equal turns, puts the entry's own first, so that two workers rarely try to claim the same job. */
function ownJobFirst(jobs: readonly NextJob[], jobId: string): readonly NextJob[] {
  const own = jobs.find((job) => job.jobId === jobId && job.fifoGroup === jobs[0]?.fifoGroup)
  return own === undefined ? jobs : [own, ...jobs.filter((job) => job !== own)]
}

type Attempted = {
  readonly run: JobRun | null
  /** Whether sizes of long videos were saved, so that the next page leaves them out. */
  readonly hasNewSizes: boolean
}

async function runOneOf(
  { db, slots, sizeOf, run }: SchedulerContext,
  jobs: readonly NextJob[],
  { signal }: Delivery,
): Promise<Attempted> {
  let hasNewSizes = false
  for (const job of jobs) {
    if (signal.aborted) return { run: shuttingDown, hasNewSizes }
    const bytes = job.bytes ?? (await sizeOf(job))
    const slot = slots.acquire(bytes)
    if (slot === null) {
      if (job.bytes === null) await recordJobBytes(db, { jobId: job.jobId, bytes })
      hasNewSizes ||= job.bytes === null
      continue
    }
    const result = await run(job.jobId, slot)
    if (result.settled) return { run: result, hasNewSizes }
  }
  return { run: null, hasNewSizes }
}

const shuttingDown: JobRun = { settled: true, outcome: { kind: 'later', delayMs: 0 } }

/** Runs the entry's own job. If that job has ended, the entry is kept while any job waits. */
async function runDelivered(
  { db, slots, sizeOf, run }: SchedulerContext,
  { jobId }: Delivery,
): Promise<JobRun> {
  const later: JobRun = { settled: false, outcome: { kind: 'later', delayMs: RETRY_MS } }
  const [job] = await getJobHeads(db, [jobId])
  const slot = slots.acquire(job === undefined ? 0 : await sizeOf(job))
  if (slot === null) return later
  const result = await run(jobId, slot)
  if (result.settled || result.outcome.kind === 'later') return result
  return (await isAnyJobWaiting(db)) ? later : result
}
