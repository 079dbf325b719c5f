import {
  Fault,
  type Page,
  type PageBounds,
  pageOf,
  pageWindow,
  type QueueNotify,
  type QueueState,
} from '@kinoprint/core'
import type { Database } from './database.ts'
import type { Scope } from './scope.ts'
import { transaction } from './transaction.ts'

/** A bucket's name and region. Buckets of the same name in two regions are different buckets. */
export type RegionalBucket = { readonly bucket: string; readonly region: string }

/** The queue of one bucket in one region. */
export type Queue = RegionalBucket & {
  readonly queueId: string
  readonly name: string
  readonly state: QueueState
  /** How many jobs may wait. */
  readonly maxSize: number
  /** How many jobs may run at once, across all workers. */
  readonly maxConcurrent: number
  readonly notify: QueueNotify
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type QueueChanges = {
  readonly name?: string | undefined
  readonly state?: QueueState | undefined
  readonly maxConcurrent?: number | undefined
  /** Absent fields keep their values. */
  readonly notify?: { readonly [K in keyof QueueNotify]?: QueueNotify[K] | undefined } | undefined
  /** Who changes it: a name or a key. Shown while the queue is paused. */
  readonly by?: string | undefined
}

export type QueueFilter = QueueScope & {
  readonly ids?: readonly string[] | undefined
  readonly state?: QueueState | undefined
}

/** Limits a call to queues of these buckets and regions. Null or absent means all. */
export type QueueScope = Pick<Scope, 'buckets' | 'regions'>

const COLUMNS = `queue_id as "queueId", bucket, region, name, state, max_size as "maxSize",
  max_concurrent as "maxConcurrent", notify, created_at as "createdAt", updated_at as "updatedAt"`

/** Returns a page of the queues, oldest first. */
export async function listQueues(db: Database, filter: PageBounds & QueueFilter = {}): Promise<Page<Queue>> {
  const { limit, offset } = pageWindow(filter)
  const where = `($1::text[] is null or queue_id = any($1)) and ($2::text is null or state = $2)
    and ($3::text[] is null or bucket = any($3)) and ($4::text[] is null or region = any($4))`
  const values = [filter.ids ?? null, filter.state ?? null, filter.buckets ?? null, filter.regions ?? null]
  const { rows } = await db.pool.query<Queue>(
    `select ${COLUMNS} from queues where ${where} order by created_at, queue_id limit $5 offset $6`,
    [...values, limit, offset],
  )
  const counted = await db.pool.query<{ total: string }>(
    `select count(*) as total from queues where ${where}`,
    values,
  )
  return pageOf(rows, { filter, total: Number(counted.rows[0]?.total ?? 0) })
}

/** When each queue was last changed, the most recently changed 100. */
export async function readQueueMarks(
  db: Database,
): Promise<readonly { readonly queueId: string; readonly updatedAt: Date }[]> {
  const { rows } = await db.pool.query<{ queueId: string; updatedAt: Date }>(
    'select queue_id as "queueId", updated_at as "updatedAt" from queues order by updated_at desc limit 100',
  )
  return rows
}

/** Returns the queue, or null if none has this id. */
export async function getQueue(db: Database, queueId: string): Promise<Queue | null> {
  const { rows } = await db.pool.query<Queue>(`select ${COLUMNS} from queues where queue_id = $1`, [queueId])
  return rows[0] ?? null
}

/**
 * Changes a queue. Pausing it sets its waiting jobs to Pause; resuming sets them to Submitted and dispatches them
 * again. Null if the queue does not exist in scope.
 */
export function updateQueue(
  db: Database,
  queueId: string,
  { scope = {}, ...changes }: QueueChanges & { readonly scope?: QueueScope },
): Promise<Queue | null> {
  return transaction(db, async (client) => {
    const { rows } = await client.query<Queue>(
      `update queues set name = coalesce($2, name), state = coalesce($3, state),
         max_concurrent = coalesce($4, max_concurrent), notify = notify || $5::jsonb, updated_at = clock_timestamp(),
         paused_by = case coalesce($3, state) when 'Active' then null else
           case when state = 'Active' then $8 else paused_by end end,
         paused_at = case coalesce($3, state) when 'Active' then null else
           case when state = 'Active' then clock_timestamp() else paused_at end end
       where queue_id = $1 and ($6::text[] is null or bucket = any($6))
         and ($7::text[] is null or region = any($7)) returning ${COLUMNS}`,
      [
        queueId,
        changes.name ?? null,
        changes.state ?? null,
        changes.maxConcurrent ?? null,
        JSON.stringify(changes.notify ?? {}),
        scope.buckets ?? null,
        scope.regions ?? null,
        changes.by ?? null,
      ],
    )
    if (rows[0] === undefined) return null
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
    return rows[0]
  })
}

/**
 * Returns the bucket's queue, which is created on first use. Concurrent calls are safe.
 *
 * @throws Fault InvalidArgument if the bucket already has queues in 64 other regions.
 */
export async function ensureQueue(db: Database, { bucket, region }: RegionalBucket): Promise<Queue> {
  const { rows } = await db.pool.query<{ queueId: string | null }>(
    `select ensure_queue($1, $2) as "queueId"`,
    [bucket, region],
  )
  const queueId = rows[0]?.queueId ?? null
  const queue = queueId === null ? null : await getQueue(db, queueId)
  if (queue === null) throw tooManyRegions({ bucket, region })
  return queue
}

/** The fault of a request that would create another queue for a bucket that already has queues in 64 regions. */
export function tooManyRegions({ bucket, region }: RegionalBucket): Fault {
  return new Fault(
    'InvalidArgument',
    `Bucket ${bucket} has queues in the maximum number of regions, and none in ${region}. Use one of those regions.`,
  )
}
