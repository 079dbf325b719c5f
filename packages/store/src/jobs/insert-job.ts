import { Fault, newJobId } from '@kinoprint/contract'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { DEFAULT_QUEUE } from '../queues.ts'
import { transaction } from '../transaction.ts'
import type { CallbackSettings, Job, JobLevel, RuleType } from './job.ts'
import { JOB_COLUMNS, type JobRow, toJob } from './job-row.ts'

export type NewJob = {
  readonly ruleType: RuleType
  readonly dnaDbId: string
  readonly videoId?: string | null | undefined
  readonly bucket: string
  readonly region: string
  readonly object: string
  readonly jobLevel?: JobLevel | undefined
  readonly userData?: string | null | undefined
  /** The default queue where absent. */
  readonly queueId?: string | null | undefined
  readonly callback?: CallbackSettings | null | undefined
  readonly secretId?: string | null | undefined
  readonly tag?: string | undefined
  /** A hash of the request's body: the same one from the same key and bucket answers the first job. */
  readonly requestHash?: string | null | undefined
  /** 0 switches it off. */
  readonly dedupeSeconds?: number | undefined
}

type Queue = { readonly queueId: string; readonly state: 'Active' | 'Paused'; readonly maxSize: number }

/**
 * Writes a waiting job (Pause where its queue is paused), or answers the one that the same request made a
 * moment ago. Fault QueueSaturated where as many jobs wait as the queue may hold, InvalidArgument for an
 * unknown queue.
 */
export const insertJob = (db: Database, job: NewJob): Promise<Job> =>
  transaction(db, async (client) => {
    const queue = await lockQueue(client, job.queueId ?? null)
    const first = await findFirst(client, job)
    if (first !== null) return first
    await checkRoom(client, queue)
    return insert(client, job, queue)
  })

/** The queue's row orders everything that is put into it: repeated requests, its size, its pausing. */
const lockQueue = async (client: pg.PoolClient, queueId: string | null): Promise<Queue> => {
  const { rows } = await client.query<Queue>(
    `select queue_id as "queueId", state, max_size as "maxSize" from queues
     where queue_id = coalesce($1, (${DEFAULT_QUEUE})) for update`,
    [queueId],
  )
  if (rows[0] !== undefined) return rows[0]
  if (queueId !== null) throw new Fault('InvalidArgument', `There is no queue ${queueId}.`)
  throw new Error('The default queue is missing: ensureDefaultQueue was not called at start.')
}

const findFirst = async (client: pg.PoolClient, job: NewJob): Promise<Job | null> => {
  const { requestHash = null, dedupeSeconds = 0, secretId = null, bucket } = job
  if (requestHash === null || dedupeSeconds <= 0) return null
  const { rows } = await client.query<JobRow>(
    `select ${JOB_COLUMNS} from jobs j
     where request_hash = $1 and secret_id is not distinct from $2 and bucket = $3 and ended_at is null
       and created_at > clock_timestamp() - $4 * interval '1 second'
     order by seq limit 1`,
    [requestHash, secretId, bucket, dedupeSeconds],
  )
  return rows[0] === undefined ? null : toJob(rows[0])
}

const checkRoom = async (client: pg.PoolClient, { queueId, maxSize }: Queue): Promise<void> => {
  const { rows } = await client.query<{ waiting: number }>(
    `select count(*)::int as waiting from jobs where queue_id = $1 and state in ('Submitted', 'Pause')`,
    [queueId],
  )
  if ((rows[0]?.waiting ?? 0) < maxSize) return
  throw new Fault('QueueSaturated', `Queue ${queueId} holds ${maxSize} waiting jobs, which is its MaxSize.`)
}

const insert = async (client: pg.PoolClient, job: NewJob, queue: Queue): Promise<Job> => {
  const { rows } = await client.query<JobRow>(
    `insert into jobs as j (job_id, state, tag, rule_type, dna_db_id, video_id, bucket, region, object, job_level,
       user_data, queue_id, callback, secret_id, request_hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning ${JOB_COLUMNS}`,
    [
      newJobId(),
      queue.state === 'Paused' ? 'Pause' : 'Submitted',
      job.tag ?? 'DNA',
      job.ruleType,
      job.dnaDbId,
      job.videoId ?? null,
      job.bucket,
      job.region,
      job.object,
      job.jobLevel ?? 0,
      job.userData ?? null,
      queue.queueId,
      job.callback === undefined || job.callback === null ? null : JSON.stringify(job.callback),
      job.secretId ?? null,
      job.requestHash ?? null,
    ],
  )
  if (rows[0] === undefined) throw new Error('The job was not written.')
  return toJob(rows[0])
}
