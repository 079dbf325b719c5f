import type { RuleType } from '@kinoprint/core'
import type { Database } from '../database.ts'

/** A job whose turn it is, as far as its row says. */
export type NextJob = {
  readonly jobId: string
  readonly ruleType: RuleType
  readonly bucket: string
  readonly object: string
  /** Size of the object; null where no worker has noted it. */
  readonly bytes: number | null
  /** Whose job it is: jobs of one queue and key at one level run in the order of their arrival. */
  readonly peers: string
}

export type TurnRequest = {
  readonly limit: number
  /** Leaves out jobs whose object is known to have this many bytes or more; null leaves out none. */
  readonly belowBytes: number | null
}

/** First jobs of one queue and key: more workers than this seldom ask in the same moment. */
const PER_PEERS = 8

/**
 * Waiting jobs in the order in which they should run. Capacity is shared out: first come jobs of the bucket and the key
 * that have the fewest running, of equals those whose turn was longest ago. Levels, and then arrival, order only the jobs
 * of one key in one queue, so no backlog holds up that of another bucket or key. Before all come jobs whose worker is
 * gone. Queues that are paused, or run as many as they may, have none here.
 */
export const nextJobs = async (db: Database, { limit, belowBytes }: TurnRequest): Promise<NextJob[]> => {
  const { rows } = await db.pool.query<Omit<NextJob, 'bytes'> & { bytes: string | null }>({
    name: 'jobs-in-turn',
    text: IN_TURN,
    values: [limit, belowBytes, PER_PEERS],
  })
  return rows.map(({ bytes, ...row }) => ({ ...row, bytes: bytes === null ? null : Number(bytes) }))
}

/**
 * `owners` steps from one queue and key to the next in the index, past however many jobs each has waiting. Their first
 * jobs are asked for as a range in the index's whole order: with two equalities the planner reads all jobs of the queue.
 */
const IN_TURN = `
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
      open.queue_id || ' ' || open.owner || ' ' || j.job_level as peers,
      greatest(open.of_bucket, open.of_key) + j.place as share,
      greatest(open.bucket_turn, open.key_turn) as turn, least(open.bucket_turn, open.key_turn) as other_turn
    from open cross join lateral (
      select w.*, row_number() over (order by w.job_level desc, w.seq) as place from (
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
  select job_id as "jobId", rule_type as "ruleType", bucket, object, bytes, peers
  from ranked order by share, turn, other_turn, seq limit $1`

/** Whether any job waits, also one of a queue that runs as many as it may. */
export const isAnyJobWaiting = async (db: Database): Promise<boolean> => {
  const { rows } = await db.pool.query<{ waits: boolean }>(
    `select exists (select from jobs where state = 'Submitted') as waits`,
  )
  return rows[0]?.waits ?? false
}

/** Notes the size of a waiting job's object, so that the next look can pass it by. */
export const noteJobBytes = async (
  db: Database,
  { jobId, bytes }: { readonly jobId: string; readonly bytes: number },
): Promise<void> => {
  await db.pool.query(`update jobs set bytes = $2 where job_id = $1 and state = 'Submitted'`, [jobId, bytes])
}
