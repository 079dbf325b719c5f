import { Fault, newJobId } from '@kinoprint/core'
import type { Queryable } from '../database.ts'
import { type RegionalBucket, tooManyRegions } from '../queues.ts'
import type { Job } from './job.ts'
import { JOB_COLUMNS, type JobRow, toJob } from './job-row.ts'
import type { NewJob } from './new-job.ts'

/** What became of one of the jobs; the last three are there where it is fresh. */
type Put = {
  readonly place: number
  readonly outcome: 'fresh' | 'repeated' | 'saturated' | 'key saturated' | 'no library'
  readonly jobId: string
  readonly queueId: string
  readonly seq: string
  readonly state: 'Submitted' | 'Pause'
  readonly createdAt: Date
}

/** Jobs of one bucket that name one queue, or null for the bucket's own. */
export type JobsOfQueue = RegionalBucket & {
  readonly queueId: string | null
  readonly jobs: readonly NewJob[]
}

/**
 * Puts jobs into their queue: what becomes of each, in their order. The rules are those of `put_into_queue`
 * (migrations/0007-queues-of-buckets.sql).
 */
export const intoQueue = async (
  db: Queryable,
  { queueId, bucket, region, jobs }: JobsOfQueue,
  { waitingPerKey }: { readonly waitingPerKey: number },
): Promise<(Job | Fault)[]> => {
  const { unique, places } = oncePerRequest(jobs)
  const { rows } = await db.query<Put>({
    name: 'put-into-queue',
    text: `select place, outcome, job_id as "jobId", queue_id as "queueId", seq, state, created_at as "createdAt"
      from put_into_queue($1, $2, $3, $4, $5)`,
    values: [queueId, bucket, region, waitingPerKey, JSON.stringify(unique.map(asRecord))],
  })
  if (rows.length === 0) {
    const fault = queueId === null ? tooManyRegions({ bucket, region }) : unknownQueue(queueId, bucket)
    return jobs.map(() => fault)
  }
  const repeated = await jobsOf(
    db,
    rows.flatMap((row) => (row.outcome === 'repeated' ? row.jobId : [])),
  )
  const outcomes = rows.map((row) => {
    const asked = unique[row.place]
    return (row.outcome === 'repeated' && repeated.get(row.jobId)) || (asked && outcomeOf(row, asked))
  })
  return places.map((place) => {
    const outcome = outcomes[place]
    if (outcome === undefined) throw new Error('A job was neither written nor refused.')
    return outcome
  })
}

/** A retry of a request among them counts as that request. `places` says where each stands among `unique`. */
const oncePerRequest = (jobs: readonly NewJob[]): { unique: NewJob[]; places: number[] } => {
  const unique: NewJob[] = []
  const known = new Map<string, number>()
  const places = jobs.map((job) => {
    const { requestHash = null, dedupeSeconds = 0, secretId = null, bucket, region } = job
    const request = JSON.stringify([requestHash, secretId, bucket, region])
    const place = (dedupeSeconds > 0 ? known.get(request) : undefined) ?? unique.push(job) - 1
    if (requestHash !== null && !known.has(request)) known.set(request, place)
    return place
  })
  return { unique, places }
}

const asRecord = (job: NewJob, place: number) => ({
  place,
  job_id: newJobId(),
  tag: job.tag ?? 'DNA',
  rule_type: job.ruleType,
  dna_db_id: job.dnaDbId,
  video_id: job.videoId,
  bucket: job.bucket,
  region: job.region,
  object: job.object,
  job_level: job.jobLevel ?? 0,
  user_data: job.userData,
  callback: job.callback,
  secret_id: job.secretId,
  request_hash: job.requestHash,
  dedupe_seconds: job.requestHash ? (job.dedupeSeconds ?? 0) : 0,
  must_exist: job.libraryMustExist ?? false,
})

const outcomeOf = ({ outcome, jobId, queueId, seq, state, createdAt }: Put, asked: NewJob): Job | Fault => {
  if (outcome === 'saturated') {
    return new Fault(
      'QueueSaturated',
      `Queue ${queueId} holds as many waiting jobs as its MaxSize allows. Submit again when some have run.`,
    )
  }
  if (outcome === 'key saturated') {
    return new Fault(
      'QueueSaturated',
      `As many jobs of this key wait as WAITING_JOBS_PER_KEY allows. Submit again when some have run, or cancel some.`,
    )
  }
  if (outcome === 'no library') {
    return new Fault('InvalidArgument', `DnaDbId ${asked.dnaDbId} is not a library here.`)
  }
  return {
    jobId,
    seq: Number(seq),
    state,
    tag: asked.tag ?? 'DNA',
    ruleType: asked.ruleType,
    dnaDbId: asked.dnaDbId,
    videoId: asked.videoId ?? null,
    bucket: asked.bucket,
    region: asked.region,
    object: asked.object,
    jobLevel: asked.jobLevel ?? 0,
    userData: asked.userData ?? null,
    queueId,
    callback: asked.callback ?? null,
    secretId: asked.secretId ?? null,
    stage: '',
    progress: 0,
    attempts: 0,
    code: null,
    message: null,
    cause: null,
    result: null,
    createdAt,
    startedAt: null,
    endedAt: null,
  }
}

const unknownQueue = (queueId: string, bucket: string): Fault =>
  new Fault('InvalidArgument', `Bucket ${bucket} has no queue ${queueId}.`)

const jobsOf = async (db: Queryable, jobIds: readonly string[]): Promise<Map<string, Job>> => {
  if (jobIds.length === 0) return new Map()
  const { rows } = await db.query<JobRow>(`select ${JOB_COLUMNS} from jobs j where job_id = any($1)`, [
    jobIds,
  ])
  return new Map(rows.map((row) => [row.jobId, toJob(row)]))
}
