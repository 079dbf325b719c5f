import { Fault, type RuleType } from '@kinoprint/core'
import type { Database, Queryable } from '../database.ts'
import { insertCallback } from '../deliveries/insert-callback.ts'
import { hideIgnored } from '../ignored-passages/hide-ignored.ts'
import type { Findings } from '../matches/findings.ts'
import { recordMatches } from '../matches/record-matches.ts'
import { transaction } from '../transaction.ts'
import { countUsage } from '../usage.ts'
import type { JobFence, JobResult } from './job.ts'
import { limitResult } from './limit-result.ts'

/** A running job whose row is locked by this transaction. */
export type LockedJob = {
  readonly jobId: string
  readonly ruleType: RuleType
  readonly dnaDbId: string
  readonly secretId: string | null
}

export type JobEnd =
  | {
      readonly state: 'Success'
      readonly result: JobResult
      /** What its search found; absent if it did not search. */
      readonly findings?: Findings | undefined
    }
  | {
      readonly state: 'Failed'
      readonly code: string
      readonly message: string
      readonly cause: string | null
    }

/** Locks a running job's row; null if the claim is no longer valid. */
async function tryLockJob(client: Queryable, { jobId, claim }: JobFence): Promise<LockedJob | null> {
  const { rows } = await client.query<LockedJob>(
    `select job_id as "jobId", rule_type as "ruleType", dna_db_id as "dnaDbId", secret_id as "secretId"
     from jobs where job_id = $1 and claims = $2 and state = 'Running' for update`,
    [jobId, claim],
  )
  return rows[0] ?? null
}

/** Locks a running job's row; throws Fault Cancelled if the claim is no longer valid. */
export async function lockJob(client: Queryable, fence: JobFence): Promise<LockedJob> {
  const job = await tryLockJob(client, fence)
  if (job === null)
    throw new Fault('Cancelled', `Job ${fence.jobId} has ended or was claimed by another worker.`)
  return job
}

/** Ends a locked job in the caller's transaction: writes its state, its matches, its callback and its usage. */
export async function finishJob(client: Queryable, job: LockedJob, end: JobEnd): Promise<void> {
  const failure = end.state === 'Failed' ? end : { code: null, message: null, cause: null }
  const result = end.state === 'Success' ? limitResult(await withMatches(client, job, end)) : null
  await client.query(
    `update jobs set state = $2, stage = '', progress = case when $2 = 'Success' then 1 else progress end,
       code = $3, message = $4, cause = $5, result = $6, query_etag = $7, ended_at = clock_timestamp(),
       lease_until = null, processed_ms = $8, detection_count = $9
     where job_id = $1`,
    [
      job.jobId,
      end.state,
      failure.code,
      failure.message,
      failure.cause,
      result === null ? null : JSON.stringify(result),
      end.state === 'Success' ? (end.findings?.query.etag ?? null) : null,
      result === null ? null : Math.round(result.durationSeconds * 1000),
      result === null ? null : result.detections.length,
    ],
  )
  await client.query('delete from job_pieces where job_id = $1', [job.jobId])
  await countUsage(client, { ...job, result })
  await insertCallback(client, job.jobId)
}

/** Records the matches of a search, and returns its result with their ids and without what is ignored or suppressed. */
async function withMatches(
  client: Queryable,
  { jobId, dnaDbId }: LockedJob,
  { result, findings }: Extract<JobEnd, { state: 'Success' }>,
): Promise<JobResult> {
  if (findings === undefined) return result
  const { durationSeconds } = result
  const search = { dnaDbId, durationSeconds, detections: result.detections, findings }
  const left = await hideIgnored(client, search)
  const matches = await recordMatches(client, { jobId, dnaDbId, durationSeconds }, left.findings)
  const detections = left.detections.map((detection) => ({
    ...detection,
    matchId: matches.get(detection.videoId)?.matchId ?? null,
  }))
  const dismissed = [...matches].filter(([, { state }]) => state === 'dismissed').map(([videoId]) => videoId)
  if (dismissed.length === 0 || !(await suppressesDismissed(client, dnaDbId)))
    return { ...result, detections }
  return { ...result, detections: detections.filter(({ videoId }) => !dismissed.includes(videoId)) }
}

async function suppressesDismissed(client: Queryable, dnaDbId: string): Promise<boolean> {
  const { rows } = await client.query<{ suppresses: boolean }>(
    'select suppress_dismissed as suppresses from libraries where dna_db_id = $1',
    [dnaDbId],
  )
  return rows[0]?.suppresses ?? false
}

/**
 * Ends a running job with Success, and records the matches that its search found. False if it has ended already or was
 * claimed by another worker.
 */
export function completeJob(
  db: Database,
  fence: JobFence,
  { findings, ...result }: JobResult & { readonly findings?: Findings | undefined },
): Promise<boolean> {
  return end(db, fence, { state: 'Success', result, findings })
}

export type JobFailure = {
  readonly code: string
  readonly message: string
  readonly cause?: string | null | undefined
}

/** Ends a running job with Failed. False if it has ended already or was claimed by another worker. */
export function failJob(
  db: Database,
  fence: JobFence,
  { code, message, cause = null }: JobFailure,
): Promise<boolean> {
  return end(db, fence, { state: 'Failed', code, message, cause })
}

function end(db: Database, fence: JobFence, outcome: JobEnd): Promise<boolean> {
  return transaction(db, async (client) => {
    const job = await tryLockJob(client, fence)
    if (job === null) return false
    await finishJob(client, job, outcome)
    return true
  })
}
