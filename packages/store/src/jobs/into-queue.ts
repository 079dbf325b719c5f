import { Fault, newJobId } from '@kinoprint/contract'
import type pg from 'pg'
import { DEFAULT_QUEUE } from '../queues.ts'
import type { NewJob } from './insert-job.ts'
import type { Job } from './job.ts'
import { JOB_COLUMNS, type JobRow, toJob } from './job-row.ts'

type Queue = { readonly queueId: string; readonly state: 'Active' | 'Paused'; readonly maxSize: number }

/** Puts jobs that name one queue (null: the default one) into it: what becomes of each. */
export const intoQueue = async (
  client: pg.PoolClient,
  queueId: string | null,
  jobs: readonly NewJob[],
): Promise<Map<NewJob, Job | Fault>> => {
  const outcomes = new Map<NewJob, Job | Fault>()
  const queue = await lockQueue(client, queueId)
  if (queue === null) {
    for (const job of jobs) outcomes.set(job, new Fault('InvalidArgument', `There is no queue ${queueId}.`))
    return outcomes
  }
  for (const [job, first] of await findFirsts(client, jobs)) outcomes.set(job, first)
  const fresh = jobs.filter((job) => !outcomes.has(job))
  if (fresh.length === 0) return outcomes
  const room = queue.maxSize - (await countWaiting(client, queue))
  const firsts = new Map<string | NewJob, NewJob>()
  for (const job of fresh) {
    if (!firsts.has(requestOf(job)) && firsts.size < room) firsts.set(requestOf(job), job)
  }
  const written = await insert(client, queue, [...firsts.values()])
  for (const job of fresh) {
    const first = firsts.get(requestOf(job))
    outcomes.set(job, (first && written.get(first)) ?? saturated(queue))
  }
  return outcomes
}

/** The queue's row orders everything that is put into it: repeated requests, its size, its pausing. */
const lockQueue = async (client: pg.PoolClient, queueId: string | null): Promise<Queue | null> => {
  const { rows } = await client.query<Queue>(
    `select queue_id as "queueId", state, max_size as "maxSize" from queues
     where queue_id = coalesce($1, (${DEFAULT_QUEUE})) for update`,
    [queueId],
  )
  if (rows[0] !== undefined) return rows[0]
  if (queueId !== null) return null
  throw new Error('The default queue is missing: ensureDefaultQueue was not called at start.')
}

const saturated = ({ queueId, maxSize }: Queue): Fault =>
  new Fault('QueueSaturated', `Queue ${queueId} holds ${maxSize} waiting jobs, which is its MaxSize.`)

const isRepeatable = ({ requestHash = null, dedupeSeconds = 0 }: NewJob): boolean =>
  requestHash !== null && dedupeSeconds > 0

/** Equal for what counts as the same request; else the job itself. */
const requestOf = (job: NewJob): string | NewJob =>
  isRepeatable(job) ? JSON.stringify([job.requestHash, job.secretId ?? null, job.bucket]) : job

/** The jobs that the same requests made a moment ago. */
const findFirsts = async (client: pg.PoolClient, jobs: readonly NewJob[]): Promise<[NewJob, Job][]> => {
  const asked = jobs.filter(isRepeatable)
  if (asked.length === 0) return []
  const { rows } = await client.query<JobRow & { readonly place: number }>(
    `select distinct on (place) place::int, ${JOB_COLUMNS}
     from unnest($1::text[], $2::text[], $3::text[], $4::float8[]) with ordinality
       as asked (hash, secret, asked_bucket, seconds, place)
     join jobs j on j.request_hash = hash and j.secret_id is not distinct from secret and j.bucket = asked_bucket
       and j.ended_at is null and j.created_at > clock_timestamp() - seconds * interval '1 second'
     order by place, j.seq`,
    [
      asked.map(({ requestHash }) => requestHash),
      asked.map(({ secretId }) => secretId ?? null),
      asked.map(({ bucket }) => bucket),
      asked.map(({ dedupeSeconds }) => dedupeSeconds),
    ],
  )
  return rows.flatMap(({ place, ...row }) => {
    const job = asked[place - 1]
    return job === undefined ? [] : [[job, toJob(row)] satisfies [NewJob, Job]]
  })
}

const countWaiting = async (client: pg.PoolClient, { queueId }: Queue): Promise<number> => {
  const { rows } = await client.query<{ waiting: number }>(
    `select count(*)::int as waiting from jobs where queue_id = $1 and state in ('Submitted', 'Pause')`,
    [queueId],
  )
  return rows[0]?.waiting ?? 0
}

const insert = async (
  client: pg.PoolClient,
  { queueId, state }: Queue,
  jobs: readonly NewJob[],
): Promise<Map<NewJob, Job>> => {
  const ids = new Map(jobs.map((job) => [newJobId() as string, job]))
  if (ids.size === 0) return new Map()
  const all = <T>(of: (job: NewJob) => T): T[] => jobs.map(of)
  const { rows } = await client.query<JobRow>(
    `insert into jobs as j (state, queue_id, job_id, tag, rule_type, dna_db_id, video_id, bucket, region, object,
       job_level, user_data, callback, secret_id, request_hash)
     select $1, $2, given.* from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::text[], $10::text[], $11::smallint[], $12::text[], $13::jsonb[], $14::text[], $15::text[]) as given
     returning ${JOB_COLUMNS}`,
    [
      state === 'Paused' ? 'Pause' : 'Submitted',
      queueId,
      [...ids.keys()],
      all(({ tag }) => tag ?? 'DNA'),
      all(({ ruleType }) => ruleType),
      all(({ dnaDbId }) => dnaDbId),
      all(({ videoId }) => videoId ?? null),
      all(({ bucket }) => bucket),
      all(({ region }) => region),
      all(({ object }) => object),
      all(({ jobLevel }) => jobLevel ?? 0),
      all(({ userData }) => userData ?? null),
      all(({ callback }) => (callback === undefined || callback === null ? null : JSON.stringify(callback))),
      all(({ secretId }) => secretId ?? null),
      all(({ requestHash }) => requestHash ?? null),
    ],
  )
  return new Map(
    rows.flatMap((row) => {
      const job = ids.get(row.jobId)
      return job === undefined ? [] : [[job, toJob(row)] satisfies [NewJob, Job]]
    }),
  )
}
