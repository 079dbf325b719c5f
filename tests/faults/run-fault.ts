import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ENTRY } from '../e2e/product.ts'
import { productEnvironment } from '../product-environment.ts'
import { type Ground, prepareGround, submitRange } from './batch.ts'
import type { FaultCase } from './fault-table.ts'
import { type Delivery, type JobRow, jobRows, resultOf, type Shelved, settled, shelfOf } from './outcome.ts'
import type { Stack } from './stack.ts'

/** The result of a run. */
export type Run = {
  readonly ground: Ground
  /** Job ids that the API returned, by number of the job. */
  readonly accepted: ReadonlyMap<number, string>
  readonly rows: readonly JobRow[]
  readonly deliveries: readonly Delivery[]
  readonly shelf: ReadonlyMap<string, Shelved>
  readonly bin: ReadonlyMap<string, Shelved>
  /** Callbacks that reached the receiver: count and reported state, by job. */
  readonly callbacks: ReadonlyMap<string, readonly string[]>
  /** Callbacks that the receiver accepted, by job. */
  readonly taken: ReadonlyMap<string, readonly string[]>
}

export type FaultRun = Run & {
  readonly inFlight: number
  /** From the start of the fault until everything is running again. */
  readonly outageSeconds: number
  /** From then until the next job ends. */
  readonly recoverySeconds: number
  /** From then until all jobs in flight have ended. Requeued jobs wait behind jobs of a higher level. */
  readonly inFlightSeconds: number
}

type RunOptions = { readonly batch: string; readonly films: string; readonly jobs: number }

/** Limits that allow for a busy machine. A job takes 0.3 s on two idle cores. */
const SETTLE_LIMIT_MS = 250_000
const SETTLE_PER_JOB_MS = 3_000
const IN_FLIGHT_LIMIT_MS = 250_000
const POLL_MS = 20
/** Share of the jobs that are submitted before the fault. The others follow during and after it. */
const BEFORE = 0.6

/** Runs the jobs without a fault. The other runs are compared with this one. */
export async function runUndisturbed(stack: Stack, options: RunOptions): Promise<Run> {
  const ground = await prepareGround(stack.client, options)
  const accepted = await submitRange(stack, ground, { from: 0, to: options.jobs })
  return finish(stack, ground, accepted)
}

/** Runs the same jobs with a fault. */
export async function runWithFault(
  stack: Stack,
  fault: FaultCase,
  { seconds, ...options }: RunOptions & { readonly seconds: number },
): Promise<FaultRun> {
  const ground = await prepareGround(stack.client, options)
  const half = Math.floor(options.jobs * BEFORE)
  const accepted = await submitRange(stack, ground, { from: 0, to: half })
  const inFlight = await untilInTheMiddle(stack, ground)
  const struckAt = Date.now()
  const [mendedAt, late] = await Promise.all([
    fault.strike(stack, seconds).then(() => Date.now()),
    submitRange(stack, ground, { from: half, to: options.jobs }),
  ])
  const run = await finish(stack, ground, new Map([...accepted, ...late]))
  return {
    ...run,
    inFlight: inFlight.length,
    outageSeconds: (mendedAt - struckAt) / 1000,
    ...recovery(run.rows, { inFlight, mendedAt }),
  }
}

/** Waits until one job has ended and others are running, and returns the running ones. */
async function untilInTheMiddle(stack: Stack, ground: Ground): Promise<string[]> {
  const until = Date.now() + IN_FLIGHT_LIMIT_MS
  for (;;) {
    const rows = await jobRows(stack, ground)
    const running = rows.filter(({ state }) => state === 'Running').map(({ jobId }) => jobId)
    if (running.length > 0 && rows.some(({ endedAt }) => endedAt !== null)) return running
    if (Date.now() > until) throw new Error('No job was in flight when the fault began.')
    await delay(POLL_MS)
  }
}

function recovery(
  rows: readonly JobRow[],
  { inFlight, mendedAt }: { inFlight: readonly string[]; mendedAt: number },
): Pick<FaultRun, 'recoverySeconds' | 'inFlightSeconds'> {
  const ends = rows.map(({ jobId, endedAt }) => ({ jobId, ms: (endedAt?.getTime() ?? 0) - mendedAt }))
  const ofThose = ends.filter(({ jobId }) => inFlight.includes(jobId)).map(({ ms }) => ms)
  const next = ends.map(({ ms }) => ms).filter((ms) => ms > 0)
  return {
    recoverySeconds: next.length === 0 ? 0 : Math.min(...next) / 1000,
    inFlightSeconds: Math.max(0, ...ofThose) / 1000,
  }
}

async function finish(stack: Stack, ground: Ground, accepted: ReadonlyMap<number, string>): Promise<Run> {
  const { rows, deliveries } = await settled(
    stack,
    ground,
    SETTLE_LIMIT_MS + accepted.size * SETTLE_PER_JOB_MS,
  )
  const shelf = await shelfOf(stack, ground.shelf)
  const bin = await shelfOf(stack, ground.bin)
  return {
    ground,
    accepted,
    rows,
    deliveries,
    shelf,
    bin,
    callbacks: callbacksOf(
      stack.receiver.received.map(({ body }) => body),
      rows,
    ),
    taken: callbacksOf(stack.taken, rows),
  }
}

function callbacksOf(bodies: readonly Buffer[], rows: readonly JobRow[]): Map<string, string[]> {
  const callbacks = new Map<string, string[]>(rows.map(({ jobId }) => [jobId, []]))
  for (const body of bodies) {
    const { JobsDetail } = JSON.parse(body.toString()) as { JobsDetail: { JobId: string; State: string } }
    callbacks.get(JobsDetail.JobId)?.push(JobsDetail.State)
  }
  return callbacks
}

/** Every difference from the run without a fault, one sentence each. */
export function differences(run: Run, undisturbed: Run): string[] {
  const expected = new Map(undisturbed.rows.map((row) => [row.n, resultOf(row)]))
  const byId = new Map(run.rows.map((row) => [row.jobId, row]))
  const found: string[] = []
  for (const [n, jobId] of run.accepted)
    if (!byId.has(jobId)) found.push(`Job ${n} (${jobId}) was accepted but does not exist.`)
  for (const row of run.rows) {
    const result = resultOf(row)
    if (result !== expected.get(row.n))
      found.push(`Job ${row.n} ended as ${result}, not ${expected.get(row.n)}.`)
    const ids = row.result?.detections.map(({ videoId }) => videoId) ?? []
    if (new Set(ids).size < ids.length) found.push(`Job ${row.n} names a video twice.`)
    const stored = row.ruleType === 'GetFingerPrint' ? run.shelf.get(row.object)?.videoId : undefined
    if (stored !== undefined && row.result?.videoId !== stored)
      found.push(`Job ${row.n} names ${row.result?.videoId}, but ${row.object} is stored as ${stored}.`)
  }
  return [...found, ...shelfDifferences(run, undisturbed), ...callbackFaults(run)]
}

function shelfDifferences(run: Run, undisturbed: Run): string[] {
  const withoutId = (shelf: Run['shelf']) =>
    [...shelf].map(([object, { videoId: _, ...rest }]) => `${object} ${JSON.stringify(rest)}`).sort()
  const [now, then] = [withoutId(run.shelf), withoutId(undisturbed.shelf)]
  const missing = then.filter((video) => !now.includes(video))
  const surplus = now.filter((video) => !then.includes(video))
  return [
    ...missing.map((video) => `Not stored: ${video}.`),
    ...surplus.map((video) => `Stored differently: ${video}.`),
    ...[...run.bin.keys()].map((object) => `Not deleted: ${object}.`),
  ]
}

/** Each callback must arrive at least once, and its row must record the attempt. */
function callbackFaults({ rows, deliveries, callbacks }: Run): string[] {
  return rows.flatMap(({ jobId, n, state }) => {
    const own = deliveries.filter((delivery) => delivery.jobId === jobId)
    const states = callbacks.get(jobId) ?? []
    const [delivery] = own
    if (own.length !== 1 || delivery === undefined) return [`Job ${n} has ${own.length} callbacks.`]
    if (delivery.status !== 'Delivered') return [`The callback of job ${n} is ${delivery.status}.`]
    if (states.length === 0 || states.some((said) => said !== state))
      return [`The callback of job ${n} (${state}) reported: ${states.join()}.`]
    if (states.length > delivery.attempts)
      return [`Job ${n} was reported ${states.length} times in ${delivery.attempts} attempts.`]
    return []
  })
}

/** Callbacks beyond one per job, and jobs that a repeated request created twice. */
export function duplicatesOf({ rows, taken, accepted }: Run): { callbacks: number; jobs: number } {
  return {
    callbacks: rows.reduce((sum, { jobId }) => sum + Math.max(0, (taken.get(jobId)?.length ?? 0) - 1), 0),
    jobs: rows.length - accepted.size,
  }
}

/** Accepted jobs with a wrong outcome. */
export function lostOf(run: Run, undisturbed: Run): number {
  const expected = new Map(undisturbed.rows.map((row) => [row.n, resultOf(row)]))
  const byId = new Map(run.rows.map((row) => [row.jobId, row]))
  return [...run.accepted].filter(([n, jobId]) => {
    const row = byId.get(jobId)
    return row === undefined || resultOf(row) !== expected.get(n) || run.callbacks.get(jobId)?.length === 0
  }).length
}

/** The findings of `kinoprint admin check`. */
export async function adminCheck({ environment }: Stack): Promise<readonly string[]> {
  const env = productEnvironment({ LOG_LEVEL: 'error', ...environment })
  const answer = await promisify(execFile)(process.execPath, [ENTRY, 'admin', 'check', '--json'], {
    env,
  }).catch((error: unknown) => error as { stdout: string; stderr: string })
  if (!answer.stdout.startsWith('{')) throw new Error(`The check did not run: ${answer.stderr}`)
  return (JSON.parse(answer.stdout) as { faults: string[] }).faults
}

/** Thumbnail folders that belong to no video and no search. */
export async function strayStills({ sql, dataDir }: Stack): Promise<string[]> {
  // Stored videos have stills, and so have the queries of searches.
  const owners = await sql<{ id: string }>(
    "select video_id as id from videos union select job_id from jobs where rule_type = 'FindSimilarVideo'",
  )
  const ids = new Set(owners.map(({ id }) => id))
  return readdirSync(join(dataDir, 'thumbnails')).filter((name) => !name.startsWith('.') && !ids.has(name))
}
