import { Fault, type Page, type PageBounds, pageOf, pageWindow, type QueueNotify } from '@kinoprint/core'
import type { Database } from './database.ts'
import type { Scope } from './scope.ts'
import { transaction } from './transaction.ts'

/** A bucket: its name and its region. */
export type RegionalBucket = { readonly bucket: string; readonly region: string }

/** The queue of one bucket. */
export type Queue = RegionalBucket & {
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

export type QueueFilter = QueueScope & {
  readonly ids?: readonly string[] | undefined
  readonly state?: 'Active' | 'Paused' | undefined
}

/** Only queues of these buckets and regions; null or absent for all. */
export type QueueScope = Pick<Scope, 'buckets' | 'regions'>

const COLUMNS = `queue_id as "queueId", bucket, region, name, state, max_size as "maxSize", max_concurrent as "maxConcurrent", notify,
  created_at as "createdAt", updated_at as "updatedAt"`

/** Oldest first. */
export const listQueues = async (
  db: Database,
  filter: PageBounds & QueueFilter = {},
): Promise<Page<Queue>> => {
  const { limit, offset } = pageWindow(filter)
  const where = `($1::text[] is null or queue_id = any($1)) and ($2::text is null or state = $2)
    and ($3::text[] is null or bucket = any($3)) and ($4::text[] is null or region = any($4))`
  const wanted = [filter.ids ?? null, filter.state ?? null, filter.buckets ?? null, filter.regions ?? null]
  const { rows } = await db.pool.query<Queue>(
    `select ${COLUMNS} from queues where ${where} order by created_at, queue_id limit $5 offset $6`,
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

/**
 * Pausing turns the waiting jobs into Pause, resuming turns them into Submitted and has them dispatched. Null where
 * the scope holds no such queue.
 */
export const updateQueue = (
  db: Database,
  queueId: string,
  { scope = {}, ...changes }: QueueChanges & { readonly scope?: QueueScope },
): Promise<Queue | null> =>
  transaction(db, async (client) => {
    const { rows } = await client.query<Queue>(
      `update queues set name = coalesce($2, name), state = coalesce($3, state),
         max_concurrent = coalesce($4, max_concurrent), notify = notify || $5::jsonb, updated_at = clock_timestamp()
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

/** The bucket's queue, made on first use; several processes may ask at once. Fault InvalidArgument in the 65th region. */
export const ensureQueue = async (db: Database, place: RegionalBucket): Promise<Queue> => {
  const { rows } = await db.pool.query<{ queueId: string | null }>(
    `select ensure_queue($1, $2) as "queueId"`,
    [place.bucket, place.region],
  )
  const queueId = rows[0]?.queueId ?? null
  const queue = queueId === null ? null : await getQueue(db, queueId)
  if (queue === null) throw tooManyRegions(place)
  return queue
}

export const tooManyRegions = ({ bucket, region }: RegionalBucket): Fault =>
  new Fault(
    'InvalidArgument',
    `Bucket ${bucket} has queues in as many regions as it may, and none in ${region}. Use one of those regions.`,
  )
