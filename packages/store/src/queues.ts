import { newQueueId } from '@kinoprint/contract'
import type { Database } from './database.ts'
import { type Page, type PageBounds, pageOf, pageWindow } from './page.ts'
import { transaction } from './transaction.ts'

/** Where a queue's jobs report their end unless a job says otherwise. */
export type QueueNotify = {
  readonly url: string
  readonly state: 'On' | 'Off'
  readonly type: 'Url' | 'TDMQ'
  /** Comma list, e.g. `TaskFinish,WorkflowFinish`. */
  readonly event: string
  readonly resultFormat: 'XML' | 'JSON'
  readonly mqMode: 'Queue' | 'Topic' | ''
  readonly mqRegion: string
  readonly mqName: string
}

export type Queue = {
  readonly queueId: string
  readonly name: string
  readonly state: 'Active' | 'Paused'
  /** Jobs that may wait. */
  readonly maxSize: number
  /** Jobs that may run, over all workers. */
  readonly maxConcurrent: number
  readonly notify: QueueNotify
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type QueueChanges = {
  readonly name?: string | undefined
  readonly state?: 'Active' | 'Paused' | undefined
  readonly maxConcurrent?: number | undefined
  /** What is left out stays as it is. */
  readonly notify?: { readonly [K in keyof QueueNotify]?: QueueNotify[K] | undefined } | undefined
}

export type QueueFilter = {
  readonly ids?: readonly string[] | undefined
  readonly state?: 'Active' | 'Paused' | undefined
}

const COLUMNS = `queue_id as "queueId", name, state, max_size as "maxSize", max_concurrent as "maxConcurrent", notify,
  created_at as "createdAt", updated_at as "updatedAt"`

/** Limits of the public service's queues are the table's defaults: MaxSize 10000, MaxConcurrent 10. */
const SILENT: QueueNotify = {
  url: '',
  state: 'Off',
  type: 'Url',
  event: 'TaskFinish,WorkflowFinish',
  resultFormat: 'XML',
  mqMode: '',
  mqRegion: '',
  mqName: '',
}

/** Oldest first. */
export const listQueues = async (
  db: Database,
  filter: PageBounds & QueueFilter = {},
): Promise<Page<Queue>> => {
  const { limit, offset } = pageWindow(filter)
  const where = '($1::text[] is null or queue_id = any($1)) and ($2::text is null or state = $2)'
  const wanted = [filter.ids ?? null, filter.state ?? null]
  const { rows } = await db.pool.query<Queue>(
    `select ${COLUMNS} from queues where ${where} order by created_at, queue_id limit $3 offset $4`,
    [...wanted, limit, offset],
  )
  const counted = await db.pool.query<{ total: string }>(
    `select count(*) as total from queues where ${where}`,
    wanted,
  )
  return pageOf(rows, { filter, total: Number(counted.rows[0]?.total ?? 0) })
}

export const getQueue = async (db: Database, queueId: string): Promise<Queue | null> => {
  const { rows } = await db.pool.query<Queue>(`select ${COLUMNS} from queues where queue_id = $1`, [queueId])
  return rows[0] ?? null
}

/** Pausing turns the waiting jobs into Pause, resuming turns them into Submitted and has them dispatched. */
export const updateQueue = (db: Database, queueId: string, changes: QueueChanges): Promise<Queue | null> =>
  transaction(db, async (client) => {
    const { rows } = await client.query<Queue>(
      `update queues set name = coalesce($2, name), state = coalesce($3, state),
         max_concurrent = coalesce($4, max_concurrent), notify = notify || $5::jsonb, updated_at = clock_timestamp()
       where queue_id = $1 returning ${COLUMNS}`,
      [
        queueId,
        changes.name ?? null,
        changes.state ?? null,
        changes.maxConcurrent ?? null,
        JSON.stringify(changes.notify ?? {}),
      ],
    )
    if (changes.state === 'Paused') {
      await client.query(`update jobs set state = 'Pause' where queue_id = $1 and state = 'Submitted'`, [
        queueId,
      ])
    }
    if (changes.state === 'Active') {
      await client.query(
        `update jobs set state = 'Submitted', dispatched_at = '-infinity' where queue_id = $1 and state = 'Pause'`,
        [queueId],
      )
    }
    return rows[0] ?? null
  })

/** Makes the one queue that every installation has; several processes may do so at once. */
export const ensureDefaultQueue = async (db: Database): Promise<Queue> => {
  await db.pool.query(
    `insert into queues (queue_id, name, notify, is_default) values ($1, 'default', $2, true) on conflict do nothing`,
    [newQueueId(), JSON.stringify(SILENT)],
  )
  return defaultQueue(db)
}

export const defaultQueue = async (db: Database): Promise<Queue> => {
  const { rows } = await db.pool.query<Queue>(`select ${COLUMNS} from queues where is_default`)
  if (rows[0] === undefined)
    throw new Error('The default queue is missing: ensureDefaultQueue was not called.')
  return rows[0]
}
