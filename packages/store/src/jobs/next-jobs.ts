import type { RuleType } from '@kinoprint/core'
import type { Database } from '../database.ts'

/** A waiting job that should run next. */
export type NextJob = {
  readonly jobId: string
  readonly ruleType: RuleType
  readonly bucket: string
  readonly object: string
  /** Size of the object; null until a worker has recorded it. */
  readonly bytes: number | null
  /** Queue, key and level. Jobs of one group run in order of arrival. */
  readonly fifoGroup: string
}

export type NextJobsRequest = {
  readonly limit: number
  /** Skips jobs whose object is known to be at least this large. Null skips none. */
  readonly belowBytes: number | null
}

/** Number of jobs considered per queue and key. More workers than this rarely claim at the same moment. */
const JOBS_PER_OWNER = 8

/**
 * Returns waiting jobs in the order in which they should run. Buckets and keys share the workers fairly: the bucket and
 * key with the fewest running jobs come first and, among equals, those served longest ago. Level and arrival order only
 * the jobs of one key in one queue, so that no backlog delays another bucket or key. Jobs whose worker died precede all
 * others. Queues that are paused or run MaxConcurrent jobs are skipped.
 */
export async function nextJobs(db: Database, { limit, belowBytes }: NextJobsRequest): Promise<NextJob[]> {
  const { rows } = await db.pool.query<Omit<NextJob, 'bytes'> & { bytes: string | null }>({
    name: 'next-jobs',
    text: NEXT_JOBS,
    values: [limit, belowBytes, JOBS_PER_OWNER],
  })
  return rows.map(({ bytes, ...row }) => ({ ...row, bytes: bytes === null ? null : Number(bytes) }))
}

/**
 * `owners` skips through the index from one queue and key to the next, regardless of how many jobs each has waiting.
 * The first jobs of each are selected as a range in index order: with two equality conditions the planner would read
 * all jobs of the queue.
 */
const NEXT_JOBS = `
  with recursive owners as (
    (select queue_id, coalesce(secret_id, '') as owner from jobs where state = 'Submitted'
     order by queue_id, coalesce(secret_id, '') limit 1)
    union all
    select next.queue_id, next.owner from owners o cross join lateral (
      select queue_id, coalesce(secret_id, '') as owner from jobs
      where state = 'Submitted' and (queue_id, coalesce(secret_id, '')) > (o.queue_id, o.owner)
      order by queue_id, coalesce(secret_id, '') limit 1
    ) next
  ), running as materialized (
    select queue_id, bucket, coalesce(secret_id, '') as owner from jobs
    where state = 'Running' and lease_until > clock_timestamp()
  ), open as (
    select o.queue_id, o.owner, q.bucket,
      (select count(*) from running r where r.bucket = q.bucket) as of_bucket,
      (select count(*) from running r where r.owner = o.owner) as of_key,
      coalesce((select t.turn from turns t where t.kind = 'bucket' and t.name = q.bucket), 0) as bucket_turn,
      coalesce((select t.turn from turns t where t.kind = 'key' and t.name = o.owner), 0) as key_turn
    from owners o join queues q on q.queue_id = o.queue_id
    where q.state = 'Active'
      and (select count(*) from running r where r.queue_id = o.queue_id) < q.max_concurrent
  ), ranked as (
    select j.job_id, j.rule_type, j.bucket, j.object, j.bytes, j.seq,
      open.queue_id || ' ' || open.owner || ' ' || j.job_level as fifo_group,
      greatest(open.of_bucket, open.of_key) + j.position as share,
      greatest(open.bucket_turn, open.key_turn) as turn, least(open.bucket_turn, open.key_turn) as other_turn
    from open cross join lateral (
      select w.*, row_number() over (order by w.job_level desc, w.seq) as position from (
        select job_id, rule_type, bucket, object, bytes, job_level, seq from jobs
        where state = 'Submitted' and (queue_id, coalesce(secret_id, '')) >= (open.queue_id, open.owner)
          and (queue_id, coalesce(secret_id, '')) <= (open.queue_id, open.owner)
          and ($2::bigint is null or coalesce(bytes, 0) < $2)
        order by queue_id, coalesce(secret_id, ''), job_level desc, seq limit $3
      ) w
    ) j
    union all
    select job_id, rule_type, bucket, object, bytes, seq, '', -1, 0, 0 from jobs
    where state = 'Running' and lease_until <= clock_timestamp()
  )
  select job_id as "jobId", rule_type as "ruleType", bucket, object, bytes, fifo_group as "fifoGroup"
  from ranked order by share, turn, other_turn, seq limit $1`

/** Whether any job is waiting, including jobs of queues that run MaxConcurrent jobs. */
export async function isAnyJobWaiting(db: Database): Promise<boolean> {
  const { rows } = await db.pool.query<{ waits: boolean }>(
    `select exists (select from jobs where state = 'Submitted') as waits`,
  )
  return rows[0]?.waits ?? false
}

/** Records the size of a waiting job's object, so that nextJobs can skip the job. */
export async function recordJobBytes(
  db: Database,
  { jobId, bytes }: { readonly jobId: string; readonly bytes: number },
): Promise<void> {
  await db.pool.query(`update jobs set bytes = $2 where job_id = $1 and state = 'Submitted'`, [jobId, bytes])
}
