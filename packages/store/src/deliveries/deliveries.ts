import type { CallbackFormat, CallbackSettings, MqMode } from '@kinoprint/core'
import type { Database, Queryable } from '../database.ts'
import type { Delivery, DeliveryAttempt, DueDelivery } from './delivery.ts'

export type NewDelivery = {
  readonly jobId: string
  readonly type: CallbackSettings['type']
  readonly format: CallbackFormat
  readonly url?: string | null | undefined
  readonly mqMode?: MqMode | null | undefined
  readonly mqRegion?: string | null | undefined
  readonly mqName?: string | null | undefined
}

/** Columns of `deliveries d` as a DeliveryRow. */
export const DELIVERY_COLUMNS = `d.id as "deliveryId", d.job_id as "jobId", d.match_event_id as "matchEventId",
  d.library_event_id as "libraryEventId", d.status, d.type, d.format, d.url, d.mq_mode as "mqMode",
  d.mq_region as "mqRegion", d.mq_name as "mqName", d.tenant, d.host, d.body, d.attempts, d.next_at as "nextAt",
  d.last_error as "lastError", d.last_status as "lastStatus", d.attempt_log as "attemptLog",
  d.created_at as "createdAt", d.ended_at as "endedAt"`

/** `pg` returns bigint as text. */
export type DeliveryRow = Omit<Delivery, 'deliveryId' | 'matchEventId' | 'libraryEventId'> & {
  readonly deliveryId: string
  readonly matchEventId: string | null
  readonly libraryEventId: string | null
}

export function toDelivery({ deliveryId, matchEventId, libraryEventId, ...row }: DeliveryRow): Delivery {
  return {
    ...row,
    deliveryId: Number(deliveryId),
    matchEventId: matchEventId === null ? null : Number(matchEventId),
    libraryEventId: libraryEventId === null ? null : Number(libraryEventId),
  }
}

/** Writes a callback that is due at once. Pass the client of the transaction that ends the job. */
export async function insertDelivery(client: Queryable, delivery: NewDelivery): Promise<number> {
  const { rows } = await client.query<{ id: string }>(
    `insert into deliveries (job_id, type, format, url, mq_mode, mq_region, mq_name, host, next_at, tenant, queue_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp(),
       (select coalesce(secret_id, '') || ' ' || bucket from jobs where job_id = $1),
       (select queue_id from jobs where job_id = $1)) returning id`,
    [
      delivery.jobId,
      delivery.type,
      delivery.format,
      delivery.url ?? null,
      delivery.mqMode ?? null,
      delivery.mqRegion ?? null,
      delivery.mqName ?? null,
      hostOf(delivery),
    ],
  )
  return Number(rows[0]?.id)
}

/** Host and port of a URL, or the broker's queue, exchange or topic. A slow receiver delays only callbacks to its own host. */
function hostOf({ type, url, mqMode, mqName }: NewDelivery): string {
  if (type === 'TDMQ') return `${mqMode ?? 'Queue'} ${mqName ?? ''}`
  if (type === 'Kafka') return `Kafka ${mqName ?? ''}`
  return url && URL.canParse(url) ? new URL(url).host : ''
}

export type DueRequest = {
  readonly limit: number
  /** Time limit of the attempt. After it, the callback is due again. */
  readonly leaseMs: number
  /** Maximum number of callbacks per tenant and host, and per tenant. Default: `limit`. */
  readonly perHost?: number | undefined
  readonly perTenant?: number | undefined
  /** Receivers (see receiverOf), keys and tenants to skip because they have used up their share of the sender. */
  readonly exceptReceivers?: readonly string[] | undefined
  readonly exceptKeys?: readonly string[] | undefined
  readonly exceptTenants?: readonly string[] | undefined
}

/**
 * A host as seen by one tenant, so that a tenant whose host hangs does not delay other tenants' callbacks to that host.
 */
export function receiverOf({ tenant, host }: Pick<Delivery, 'tenant' | 'host'>): string {
  return `${tenant} ${host}`
}

/**
 * Claims due callbacks for one attempt each, alternating between tenants. If the sender dies, a callback becomes due
 * again after the lease: it may be sent twice but is never lost.
 */
export async function dueDeliveries(
  db: Database,
  {
    limit,
    leaseMs,
    perHost = limit,
    perTenant = limit,
    exceptReceivers = [],
    exceptKeys = [],
    exceptTenants = [],
  }: DueRequest,
): Promise<DueDelivery[]> {
  // now(), because clock_timestamp() prevents the use of the index. Times are rounded to whole milliseconds.
  const { rows } = await db.pool.query<DeliveryRow & Pick<DueDelivery, 'elapsedMs' | 'traceParent'>>(
    `with recursive tenants as (
       (select tenant from deliveries where status = 'Pending' order by tenant limit 1)
       union all
       select (select d.tenant from deliveries d where d.status = 'Pending' and d.tenant > t.tenant
         order by d.tenant limit 1)
       from tenants t where t.tenant is not null
     ), due as (
       select c.id, t.tenant, c.host, c.next_at, row_number() over (partition by t.tenant order by c.next_at, c.id) as turn
       from tenants t cross join lateral (
         select d.id, d.host, d.next_at from deliveries d
         where d.status = 'Pending' and d.tenant = t.tenant and d.next_at <= now() + interval '1 millisecond'
           and t.tenant || ' ' || d.host <> all ($4::text[])
         order by d.next_at limit $6 for update skip locked
       ) c
       where t.tenant is not null and t.tenant <> all ($5::text[])
         and split_part(t.tenant, ' ', 1) <> all ($7::text[])
     ), ranked as (
       select id, turn, next_at, row_number() over (partition by tenant, host order by turn, next_at) as of_host from due
     )
     update deliveries d set attempts = d.attempts + 1, next_at = clock_timestamp() + $2 * interval '1 millisecond'
     where d.id in (select id from ranked where of_host <= $3 order by turn, next_at limit $1)
     returning ${DELIVERY_COLUMNS}, extract(epoch from clock_timestamp() - d.retrying_since)::float8 * 1000 as "elapsedMs",
       (select o.trace_parent from job_origins o where o.job_id = d.job_id) as "traceParent"`,
    [limit, leaseMs, perHost, exceptReceivers, exceptTenants, perTenant, exceptKeys],
  )
  return rows.map(({ elapsedMs, traceParent, ...row }) => ({ ...toDelivery(row), elapsedMs, traceParent }))
}

export type DeliveryOutcome = {
  readonly deliveryId: number
  /** The delivery's `attempts` at the time of the claim. A sender that has lost its lease changes nothing. */
  readonly attempt: number
  readonly delivered: boolean
  /**
   * Delay before the next attempt, by the database's clock. After a failure, absent or null means no further attempt.
   */
  readonly retryInMs?: number | null | undefined
  readonly error?: string | null | undefined
  /** Status of the receiver's response. */
  readonly httpStatus?: number | null | undefined
  /** Body of the callback, stored at the first attempt. */
  readonly body?: string | null | undefined
  /** Duration of the attempt. Default: 0. */
  readonly seconds?: number | undefined
}

/** Number of attempts kept in attempt_log. */
const ATTEMPTS_MAX = 50
/** ISO 8601 by the database's clock, like all timestamps of a row. */
const NOW = `jsonb_build_object('at',
  to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`

/**
 * Records the outcome of an attempt. False if another attempt has started or the delivery has ended in the meantime.
 */
export async function finishDelivery(db: Database, outcome: DeliveryOutcome): Promise<boolean> {
  const { delivered, retryInMs = null } = outcome
  const entry: Omit<DeliveryAttempt, 'at'> = {
    attempt: outcome.attempt,
    seconds: outcome.seconds ?? 0,
    httpStatus: outcome.httpStatus ?? null,
    error: outcome.error ?? null,
  }
  const status = delivered ? 'Delivered' : retryInMs === null ? 'Failed' : 'Pending'
  const { rowCount } = await db.pool.query(
    `update deliveries set status = $3, next_at = clock_timestamp() + $4 * interval '1 millisecond',
       last_error = $5, last_status = $6, body = coalesce(body, $7),
       attempt_log = case when jsonb_array_length(attempt_log) < ${ATTEMPTS_MAX} then attempt_log else attempt_log - 0 end || ($8::jsonb || ${NOW}),
       ended_at = case when $3 = 'Pending' then null else clock_timestamp() end
     where id = $1 and attempts = $2 and status = 'Pending'`,
    [
      outcome.deliveryId,
      outcome.attempt,
      status,
      status === 'Pending' ? retryInMs : null,
      outcome.error ?? null,
      outcome.httpStatus ?? null,
      outcome.body ?? null,
      JSON.stringify(entry),
    ],
  )
  return rowCount === 1
}

/** The callbacks of a job, oldest first. */
export async function listDeliveries(db: Database, jobId: string): Promise<Delivery[]> {
  const { rows } = await db.pool.query<DeliveryRow>(
    `select ${DELIVERY_COLUMNS} from deliveries d where job_id = $1 order by id`,
    [jobId],
  )
  return rows.map(toDelivery)
}

/** Makes a delivery in any state due at once and starts a new series of attempts. Null if no delivery has this id. */
export async function resendDelivery(db: Database, deliveryId: number): Promise<Delivery | null> {
  const { rows } = await db.pool.query<DeliveryRow>(
    `update deliveries d set status = 'Pending', next_at = clock_timestamp(), retrying_since = clock_timestamp(),
       ended_at = null
     where id = $1 returning ${DELIVERY_COLUMNS}`,
    [deliveryId],
  )
  return rows[0] === undefined ? null : toDelivery(rows[0])
}
