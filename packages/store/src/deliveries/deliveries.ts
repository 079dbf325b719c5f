import type { Database, Queryable } from '../database.ts'
import type { Delivery, DeliveryTry, DueDelivery } from './delivery.ts'

export type NewDelivery = {
  readonly jobId: string
  readonly type: 'Url' | 'TDMQ'
  readonly format: 'XML' | 'JSON'
  readonly url?: string | null | undefined
  readonly mqMode?: 'Queue' | 'Topic' | null | undefined
  readonly mqRegion?: string | null | undefined
  readonly mqName?: string | null | undefined
}

const COLUMNS = `d.id as "deliveryId", d.job_id as "jobId", d.status, d.type, d.format, d.url, d.mq_mode as "mqMode",
  d.mq_region as "mqRegion", d.mq_name as "mqName", d.body, d.attempts, d.next_at as "nextAt",
  d.last_error as "lastError", d.last_status as "lastStatus", d.tries, d.created_at as "createdAt", d.ended_at as "endedAt"`

type Row = Omit<Delivery, 'deliveryId'> & { readonly deliveryId: string }

const toDelivery = (row: Row): Delivery => ({ ...row, deliveryId: Number(row.deliveryId) })

/** Due at once; give it the client of the transaction that ends the job. */
export const insertDelivery = async (client: Queryable, delivery: NewDelivery): Promise<number> => {
  const { rows } = await client.query<{ id: string }>(
    `insert into deliveries (job_id, type, format, url, mq_mode, mq_region, mq_name, next_at)
     values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp()) returning id`,
    [
      delivery.jobId,
      delivery.type,
      delivery.format,
      delivery.url ?? null,
      delivery.mqMode ?? null,
      delivery.mqRegion ?? null,
      delivery.mqName ?? null,
    ],
  )
  return Number(rows[0]?.id)
}

export type DueRequest = {
  readonly limit: number
  /** How long the attempt may take at most. */
  readonly leaseMs: number
  /** Addresses that have their share of the sender for now. */
  readonly exceptUrls?: readonly string[] | undefined
}

/**
 * Takes deliveries for one attempt each. One whose sender dies is due again after the lease, so that it may be
 * sent twice but is never lost.
 */
export const dueDeliveries = async (
  db: Database,
  { limit, leaseMs, exceptUrls = [] }: DueRequest,
): Promise<DueDelivery[]> => {
  const { rows } = await db.pool.query<Row & { elapsedMs: number }>(
    `update deliveries d set attempts = d.attempts + 1, next_at = clock_timestamp() + $2 * interval '1 millisecond'
     where d.id in (select id from deliveries where status = 'Pending' and next_at <= clock_timestamp()
       and (url is null or url <> all ($3::text[]))
       order by next_at limit $1 for update skip locked)
     returning ${COLUMNS}, extract(epoch from clock_timestamp() - d.since)::float8 * 1000 as "elapsedMs"`,
    [limit, leaseMs, exceptUrls],
  )
  return rows.map(({ elapsedMs, ...row }) => ({ ...toDelivery(row), elapsedMs }))
}

export type DeliveryOutcome = {
  readonly deliveryId: number
  /** The `attempts` with which it was taken: a sender that lost its lease changes nothing. */
  readonly attempt: number
  readonly delivered: boolean
  /** When to try next; absent or null after a failure: given up. */
  readonly nextAt?: Date | null | undefined
  readonly error?: string | null | undefined
  /** What the receiver answered. */
  readonly httpStatus?: number | null | undefined
  /** What was sent; kept from the first attempt on. */
  readonly body?: string | null | undefined
  /** How long the attempt took; 0 if absent. */
  readonly seconds?: number | undefined
}

/** Attempts that a row remembers. */
const TRIES_MAX = 50

/** Notes how an attempt went; false where another attempt has begun or it has ended meanwhile. */
export const finishDelivery = async (db: Database, outcome: DeliveryOutcome): Promise<boolean> => {
  const { delivered, nextAt = null } = outcome
  const entry: DeliveryTry = {
    attempt: outcome.attempt,
    at: new Date().toISOString(),
    seconds: outcome.seconds ?? 0,
    httpStatus: outcome.httpStatus ?? null,
    error: outcome.error ?? null,
  }
  const status = delivered ? 'Delivered' : nextAt === null ? 'Failed' : 'Pending'
  const { rowCount } = await db.pool.query(
    `update deliveries set status = $3, next_at = $4, last_error = $5, last_status = $6, body = coalesce(body, $7),
       tries = case when jsonb_array_length(tries) < ${TRIES_MAX} then tries else tries - 0 end || $8::jsonb,
       ended_at = case when $3 = 'Pending' then null else clock_timestamp() end
     where id = $1 and attempts = $2 and status = 'Pending'`,
    [
      outcome.deliveryId,
      outcome.attempt,
      status,
      status === 'Pending' ? nextAt : null,
      outcome.error ?? null,
      outcome.httpStatus ?? null,
      outcome.body ?? null,
      JSON.stringify(entry),
    ],
  )
  return rowCount === 1
}

/** Oldest first. */
export const listDeliveries = async (db: Database, jobId: string): Promise<Delivery[]> => {
  const { rows } = await db.pool.query<Row>(
    `select ${COLUMNS} from deliveries d where job_id = $1 order by id`,
    [jobId],
  )
  return rows.map(toDelivery)
}

/** Makes it due at once, whether it was delivered, given up or waits, with all its attempts before it again. */
export const resendDelivery = async (db: Database, deliveryId: number): Promise<Delivery | null> => {
  const { rows } = await db.pool.query<Row>(
    `update deliveries d set status = 'Pending', next_at = clock_timestamp(), since = clock_timestamp(),
       ended_at = null
     where id = $1 returning ${COLUMNS}`,
    [deliveryId],
  )
  return rows[0] === undefined ? null : toDelivery(rows[0])
}
