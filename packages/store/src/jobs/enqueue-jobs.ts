import {
  type CallbackSettings,
  currentOrigin,
  Fault,
  type JobLevel,
  type JobOrigin,
  newJobId,
  type RuleType,
  type StoreMode,
} from '@kinoprint/core'
import type { Database, Queryable } from '../database.ts'
import { quotaSpent } from '../keys/quotas.ts'
import { unknownLibrary } from '../libraries.ts'
import { type RegionalBucket, tooManyRegions } from '../queues.ts'
import { transaction } from '../transaction.ts'
import { JOB_COLUMNS, type Job, type JobRow, toJob } from './job.ts'

export type NewJob = {
  /** Default: a new id. No job may have it. */
  readonly jobId?: string | undefined
  readonly ruleType: RuleType
  readonly dnaDbId: string
  /** The video to delete, for DeleteFingerPrint. */
  readonly videoId?: string | null | undefined
  readonly bucket: string
  readonly region: string
  readonly object: string
  /** Default: 0. */
  readonly jobLevel?: JobLevel | undefined
  /** Which videos GetFingerPrint stores. Only `enqueueJob` and `enqueueJobIn` take it. Default: as its library says. */
  readonly store?: StoreMode | undefined
  readonly userData?: string | null | undefined
  /** Default: the queue of the job's bucket and region. */
  readonly queueId?: string | null | undefined
  readonly callback?: CallbackSettings | null | undefined
  /** The API key that submits the job; null for the command line. */
  readonly secretId?: string | null | undefined
  /** Default: `DNA`. */
  readonly tag?: string | undefined
  /** Hash of the request body. Together with the key and the bucket it identifies a request. */
  readonly requestHash?: string | null | undefined
  /** Above 0, this is a retry: if the same request created a job within this time, that job is returned. Default: 0. */
  readonly dedupeSeconds?: number | undefined
  /** Whether to refuse the job if its library does not exist. Default: false. */
  readonly libraryMustExist?: boolean | undefined
  /** What submits it. Default: the request in progress. */
  readonly origin?: JobOrigin | undefined
}

export type EnqueueOptions = {
  /** How many jobs of one key may wait, across all its queues. Default: 0, which means no limit. */
  readonly waitingPerKey?: number | undefined
}

/** What `enqueue_jobs` (migrations/0034-key-quotas.sql) decided about one job. All rules are defined there. */
type EnqueueOutcome = {
  readonly outcome:
    | 'created'
    | 'repeated'
    | 'unknown library'
    | 'day spent'
    | 'month spent'
    | 'key full'
    | 'key saturated'
    | 'queue saturated'
  readonly queueOfBucket: string
}

/** Jobs of one bucket that name the same queue. Null means the bucket's own queue. */
type QueueBatch = RegionalBucket & {
  readonly queueId: string | null
  readonly jobs: NewJob[]
  /** Position of each job in the caller's list. */
  readonly positions: number[]
}

/**
 * Writes one waiting job, or returns the job that the same request created before. In a paused queue the job's state is
 * Pause.
 *
 * @throws Fault QueueSaturated if the queue or the key has as many jobs as it may; LimitExceeded if the key has used its
 * minutes of this day or month; InvalidArgument if the bucket has no such queue, if it has queues in too many regions, or if the library must exist and does not.
 */
export async function enqueueJob(db: Database, job: NewJob, options: EnqueueOptions = {}): Promise<Job> {
  if (job.store !== undefined) return transaction(db, (client) => enqueueJobIn(client, job, options))
  return jobOrThrow(await enqueueJobs(db, [job], options))
}

/** Writes one waiting job in the caller's transaction. Throws as `enqueueJob`. */
export async function enqueueJobIn(
  client: Queryable,
  job: NewJob,
  { waitingPerKey = 0 }: EnqueueOptions = {},
): Promise<Job> {
  const { bucket, region, queueId = null, store = null } = job
  const batch = { bucket, region, queueId, jobs: [job], positions: [0] }
  const written = jobOrThrow(await enqueueBatch(client, batch, waitingPerKey))
  if (store === null) return written
  await client.query('update jobs set store_mode = $2 where job_id = $1', [written.jobId, store])
  return { ...written, store }
}

function jobOrThrow([outcome]: readonly (Job | Fault)[]): Job {
  if (outcome === undefined) throw new Error('The database returned no outcome for a job.')
  if (outcome instanceof Fault) throw outcome
  return outcome
}

/**
 * Writes several jobs in one transaction, which takes little longer than writing one. Each has its own outcome, in
 * order: the job, or the fault that `enqueueJob` would throw for it. If the database fails, none is written.
 */
export async function enqueueJobs(
  db: Database,
  jobs: readonly NewJob[],
  { waitingPerKey = 0 }: EnqueueOptions = {},
): Promise<(Job | Fault)[]> {
  const batches = batchesByQueue(jobs)
  const [only] = batches
  // Usually this is one statement, which is its own transaction.
  if (batches.length === 1 && only) return enqueueBatch(db.pool, only, waitingPerKey)
  return transaction(db, async (client) => {
    await lockLimitedKeys(client, jobs)
    const outcomes: { readonly position: number; readonly outcome: Job | Fault }[] = []
    for (const batch of batches) {
      const ofBatch = await enqueueBatch(client, batch, waitingPerKey)
      for (const [i, outcome] of ofBatch.entries()) {
        outcomes.push({ position: batch.positions[i] ?? 0, outcome })
      }
    }
    return outcomes.sort((a, b) => a.position - b.position).map(({ outcome }) => outcome)
  })
}

/**
 * Writes several jobs of one queue in one transaction, all or none. Returns them in order. Throws as `enqueueJob`, for
 * the first job that is refused.
 */
export function enqueueTogether(
  db: Database,
  jobs: readonly NewJob[],
  { waitingPerKey = 0 }: EnqueueOptions = {},
): Promise<Job[]> {
  return transaction(db, async (client) => {
    await lockLimitedKeys(client, jobs)
    const written: Job[] = []
    for (const batch of batchesByQueue(jobs)) {
      for (const outcome of await enqueueBatch(client, batch, waitingPerKey)) {
        if (outcome instanceof Fault) throw outcome
        written.push(outcome)
      }
    }
    return written
  })
}

/** Keys are locked before all queues, so that concurrent calls do not wait for each other. */
async function lockLimitedKeys(client: Queryable, jobs: readonly NewJob[]): Promise<void> {
  const keys = jobs.flatMap(({ secretId }) => secretId ?? [])
  if (keys.length > 0) await client.query('select lock_limited_keys($1)', [keys])
}

/** Sorted, so that concurrent calls lock queues in the same order. */
function batchesByQueue(jobs: readonly NewJob[]): QueueBatch[] {
  const batches = new Map<string, QueueBatch>()
  for (const [position, job] of jobs.entries()) {
    const { bucket, region, queueId = null } = job
    const name = JSON.stringify([bucket, region, queueId])
    const batch = batches.get(name) ?? { bucket, region, queueId, jobs: [], positions: [] }
    batch.jobs.push(job)
    batch.positions.push(position)
    batches.set(name, batch)
  }
  return [...batches].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, batch]) => batch)
}

async function enqueueBatch(
  db: Queryable,
  { queueId, bucket, region, jobs }: QueueBatch,
  waitingPerKey: number,
): Promise<(Job | Fault)[]> {
  const { rows } = await db.query<EnqueueOutcome & (JobRow | { readonly jobId: null })>({
    name: 'enqueue-jobs',
    text: `with e as materialized (select * from enqueue_jobs($1, $2, $3, $4, $5)), origins as (
        insert into job_origins (job_id, request_id, trace_parent)
        select (e.job).job_id, o.request_id, o.trace_parent
        from rows from (json_to_recordset($5) as (request_id text, trace_parent text))
          with ordinality as o (request_id, trace_parent, number)
        join e on e.number = o.number and e.outcome = 'created'
        where o.request_id is not null or o.trace_parent is not null
      )
      select e.outcome, e.queue_id as "queueOfBucket", ${JOB_COLUMNS}
      from e cross join lateral (select (e.job).*) j
      order by e.number`,
    values: [queueId, bucket, region, waitingPerKey, JSON.stringify(jobs.map(toRecord))],
  })
  if (rows.length === 0) {
    const fault = queueId === null ? tooManyRegions({ bucket, region }) : unknownQueue(queueId, bucket)
    return jobs.map(() => fault)
  }
  return rows.map(({ outcome, queueOfBucket, ...row }, i) =>
    row.jobId === null ? refusal(outcome, queueOfBucket, jobs[i]?.dnaDbId ?? '') : toJob(row),
  )
}

function toRecord(job: NewJob) {
  const { requestId, traceParent } = job.origin ?? currentOrigin()
  return {
    job_id: job.jobId ?? newJobId(),
    tag: job.tag ?? 'DNA',
    rule_type: job.ruleType,
    dna_db_id: job.dnaDbId,
    video_id: job.videoId,
    object: job.object,
    job_level: job.jobLevel ?? 0,
    user_data: job.userData,
    callback: job.callback,
    secret_id: job.secretId,
    request_hash: job.requestHash,
    dedupe_seconds: job.dedupeSeconds ?? 0,
    library_must_exist: job.libraryMustExist ?? false,
    request_id: requestId,
    trace_parent: traceParent,
  }
}

function refusal(outcome: EnqueueOutcome['outcome'], queueId: string, dnaDbId: string): Fault {
  switch (outcome) {
    case 'unknown library':
      return unknownLibrary(dnaDbId)
    case 'day spent':
    case 'month spent':
      return quotaSpent(outcome === 'day spent' ? 'day' : 'month')
    case 'key full':
      return new Fault(
        'QueueSaturated',
        'This key has as many jobs that wait or run as its quota allows. Submit again when some have finished, or cancel some.',
      )
    case 'queue saturated':
      return new Fault(
        'QueueSaturated',
        `Queue ${queueId} is full: MaxSize jobs are waiting. Submit again when some have finished.`,
      )
    case 'key saturated':
      return new Fault(
        'QueueSaturated',
        'This key has WAITING_JOBS_PER_KEY waiting jobs. Submit again when some have finished, or cancel some.',
      )
    default:
      throw new Error(`The database returned ${outcome} without a job.`)
  }
}

function unknownQueue(queueId: string, bucket: string): Fault {
  return new Fault(
    'InvalidArgument',
    `Bucket ${bucket} has no queue ${queueId}. List its queues with GET /queue.`,
  )
}
