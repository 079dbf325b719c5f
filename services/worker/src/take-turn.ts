import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '@kinoprint/core'
import type { Outcome } from '@kinoprint/queue'
import {
  type Database,
  getJobHeads,
  isAnyJobWaiting,
  type NextJob,
  nextJobs,
  noteJobBytes,
} from '@kinoprint/store'
import { type Admission, type Admitted, LONG_BYTES } from './admission.ts'
import { type Attempt, whenDatabaseIsBack } from './run-job.ts'

/** What decides whether a job may run now. */
export type Candidate = Pick<NextJob, 'ruleType' | 'bucket' | 'object'>

export type TurnContext = {
  readonly db: Database
  readonly log: Log
  readonly admission: Admission
  /** Bytes of the job's object; 0 where it reads none, or its size is not known. */
  readonly sizeOf: (candidate: Candidate) => Promise<number>
  /** Runs the job in that place, if it is still to be had. */
  readonly run: (jobId: string, place: Admitted) => Promise<Attempt>
}

type Delivery = { readonly jobId: string; readonly signal: AbortSignal }

/** Jobs looked at together, and how often: a backlog of long ones must not hide the short ones behind it for long. */
const LOOKED_AT = 16
const LOOKS_MAX = 8
/** Where no job may run now, none may for the next entry of the queue either: this one waits for a while first. */
const IDLE_MS = 200
const AGAIN_MS = 1_000

/**
 * Answers an entry of the queue. It stands for one job more that waits; which job runs for it is for the rows to say, so
 * that the queue's order gives no bucket and no key more than its share.
 */
export const takeTurn = async (context: TurnContext, delivery: Delivery): Promise<Outcome> => {
  try {
    const { taken, outcome } = (await runFirst(context, delivery)) ?? (await runDelivered(context, delivery))
    if (taken || outcome.kind === 'done') return outcome
    await delay(IDLE_MS, undefined, { signal: delivery.signal }).catch(() => undefined)
    return outcome
  } catch (error) {
    return whenDatabaseIsBack(context, error, delivery)
  }
}

/** Runs the first job that there is a place for; null where there is none. */
const runFirst = async (context: TurnContext, delivery: Delivery): Promise<Attempt | null> => {
  const { db, admission } = context
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const belowBytes = admission.takesLong() ? null : LONG_BYTES
    const jobs = await nextJobs(db, { limit: LOOKED_AT, belowBytes })
    const { attempt, learned } = await runOneOf(context, ownFirst(jobs, delivery.jobId), delivery)
    if (attempt !== null || !learned) return attempt
  }
  return null
}

/** Among equals the entry's own job, so that two workers seldom go for the same one. */
const ownFirst = (jobs: readonly NextJob[], jobId: string): readonly NextJob[] => {
  const own = jobs.find((job) => job.jobId === jobId && job.fifoGroup === jobs[0]?.fifoGroup)
  return own === undefined ? jobs : [own, ...jobs.filter((job) => job !== own)]
}

/** `learned` says that the next look passes by some of these jobs. */
const runOneOf = async (
  { db, admission, sizeOf, run }: TurnContext,
  jobs: readonly NextJob[],
  { signal }: Delivery,
): Promise<{ readonly attempt: Attempt | null; readonly learned: boolean }> => {
  let learned = false
  for (const job of jobs) {
    if (signal.aborted) return { attempt: notNow, learned }
    const bytes = job.bytes ?? (await sizeOf(job))
    const place = admission.enter(bytes)
    if (place === null) {
      if (job.bytes === null) await noteJobBytes(db, { jobId: job.jobId, bytes })
      learned ||= job.bytes === null
      continue
    }
    const attempt = await run(job.jobId, place)
    if (attempt.taken) return { attempt, learned }
  }
  return { attempt: null, learned }
}

const notNow: Attempt = { taken: true, outcome: { kind: 'later', delayMs: 0 } }

/** The entry's own job says what becomes of it; while any job waits, an entry for it is kept. */
const runDelivered = async (
  { db, admission, sizeOf, run }: TurnContext,
  { jobId }: Delivery,
): Promise<Attempt> => {
  const later: Attempt = { taken: false, outcome: { kind: 'later', delayMs: AGAIN_MS } }
  const [job] = await getJobHeads(db, [jobId])
  const place = admission.enter(job === undefined ? 0 : await sizeOf(job))
  if (place === null) return later
  const attempt = await run(jobId, place)
  if (attempt.taken || attempt.outcome.kind === 'later') return attempt
  return (await isAnyJobWaiting(db)) ? later : attempt
}
