import type { Database } from './database.ts'

/** What an operator wants to know about a queue besides its settings. */
export type QueueFacts = {
  readonly pausedBy: string | null
  readonly pausedAt: Date | null
  /** One entry per level, the highest first. */
  readonly waiting: readonly {
    readonly jobLevel: number
    readonly jobs: number
    readonly oldestAt: Date | null
  }[]
  readonly running: number
  readonly callbacks: {
    readonly due: number
    /** Given up in the last seven days. */
    readonly givenUp: number
    /** The last callback that was delivered or given up. */
    readonly last: {
      readonly at: Date
      readonly delivered: boolean
      readonly httpStatus: number | null
      readonly error: string | null
    } | null
  }
}

type Row = {
  readonly queueId: string
  readonly pausedBy: string | null
  readonly pausedAt: Date | null
  readonly running: number
  readonly due: number
  readonly givenUp: number
  readonly lastAt: Date | null
  readonly lastStatus: string | null
  readonly lastHttpStatus: number | null
  readonly lastError: string | null
}

/** The facts of these queues, by id. */
export async function readQueueFacts(
  db: Database,
  queueIds: readonly string[],
): Promise<ReadonlyMap<string, QueueFacts>> {
  const { rows } = await db.pool.query<Row>(
    `select q.queue_id as "queueId", q.paused_by as "pausedBy", q.paused_at as "pausedAt",
       (select count(*)::int from jobs j where j.queue_id = q.queue_id and j.state = 'Running') as running,
       (select count(*)::int from deliveries d where d.status = 'Pending' and d.queue_id = q.queue_id) as due,
       (select count(*)::int from deliveries d where d.queue_id = q.queue_id and d.status = 'Failed'
         and d.ended_at > clock_timestamp() - interval '7 days') as "givenUp",
       l.ended_at as "lastAt", l.status as "lastStatus", l.last_status as "lastHttpStatus", l.last_error as "lastError"
     from queues q left join lateral (
       select ended_at, status, last_status, last_error from deliveries d
       where d.queue_id = q.queue_id and d.ended_at is not null order by d.ended_at desc limit 1
     ) l on true
     where q.queue_id = any($1)`,
    [queueIds],
  )
  const levels = await db.pool.query<{ queueId: string; jobLevel: number; jobs: number; oldestAt: Date }>(
    `select queue_id as "queueId", job_level as "jobLevel", count(*)::int as jobs, min(created_at) as "oldestAt"
     from jobs where state in ('Submitted', 'Pause') and queue_id = any($1) group by queue_id, job_level`,
    [queueIds],
  )
  return new Map(
    rows.map((row) => [
      row.queueId,
      {
        pausedBy: row.pausedBy,
        pausedAt: row.pausedAt,
        waiting: [2, 1, 0].map((jobLevel) => {
          const found = levels.rows.find(
            (level) => level.queueId === row.queueId && level.jobLevel === jobLevel,
          )
          return { jobLevel, jobs: found?.jobs ?? 0, oldestAt: found?.oldestAt ?? null }
        }),
        running: row.running,
        callbacks: { due: row.due, givenUp: row.givenUp, last: lastOf(row) },
      },
    ]),
  )
}

function lastOf({ lastAt, lastStatus, lastHttpStatus, lastError }: Row): QueueFacts['callbacks']['last'] {
  if (lastAt === null) return null
  return { at: lastAt, delivered: lastStatus === 'Delivered', httpStatus: lastHttpStatus, error: lastError }
}
