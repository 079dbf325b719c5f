import { Fault } from '@kinoprint/core'
import type { Database, Queryable } from '../database.ts'
import type { JobFence } from '../jobs/job.ts'
import { transaction } from '../transaction.ts'

/** What a key may use at most. Null means no limit. */
export type Quota = {
  /** Billed minutes of a day in UTC: those stored and those searched. */
  readonly minutesPerDay: number | null
  /** The same of a calendar month in UTC. */
  readonly minutesPerMonth: number | null
  /** Jobs that wait or run at once. */
  readonly openJobs: number | null
}

/** What a key has used of its quota. */
export type QuotaUse = {
  readonly minutesToday: number
  readonly minutesThisMonth: number
  /** Minutes of its jobs that have not ended, as far as their length is known. */
  readonly reservedMinutes: number
  readonly openJobs: number
}

export type QuotaChanges = { readonly [K in keyof Quota]?: Quota[K] | undefined }

const MS_PER_MINUTE = 60_000

/** The column `quota` of `api_keys k`. */
export const QUOTA = `json_build_object('minutesPerDay', k.minutes_per_day, 'minutesPerMonth', k.minutes_per_month,
  'openJobs', k.max_open_jobs) as quota`

/** The column `used` of `api_keys k`. */
export const QUOTA_USE = `(
    select json_build_object('minutesToday', u.today_ms / ${MS_PER_MINUTE}.0, 'minutesThisMonth', u.month_ms / ${MS_PER_MINUTE}.0,
      'reservedMinutes', u.reserved_ms / ${MS_PER_MINUTE}.0, 'openJobs', u.open_jobs)
    from key_use(k.secret_id) u) as used`

/** The column of each limit. */
export const quotaColumns: Readonly<Record<keyof Quota, string>> = {
  minutesPerDay: 'minutes_per_day',
  minutesPerMonth: 'minutes_per_month',
  openJobs: 'max_open_jobs',
}

/** How much of one limit a key has used. */
type QuotaShare = {
  readonly secretId: string
  /** The name of the key. */
  readonly name: string
  readonly limit: keyof Quota
  /** 0 to 1, or more if the limit was lowered since. A limit of 0 counts as used. */
  readonly used: number
}

/** The used share of each limit of the keys that have one. Minutes of jobs that have not ended are included. */
export async function readQuotaShares(db: Database): Promise<QuotaShare[]> {
  const { rows } = await db.pool.query<QuotaShare>(
    `select k.secret_id as "secretId", k.name, s.name as limit,
       (case when s.most = 0 then 1 else s.used / s.most end)::float8 as used
     from api_keys k cross join lateral key_use(k.secret_id) u
     cross join lateral (values
       ('minutesPerDay', k.minutes_per_day, (u.today_ms + u.reserved_ms) / ${MS_PER_MINUTE}.0),
       ('minutesPerMonth', k.minutes_per_month, (u.month_ms + u.reserved_ms) / ${MS_PER_MINUTE}.0),
       ('openJobs', k.max_open_jobs, u.open_jobs)
     ) s (name, most, used)
     where k.revoked_at is null and s.most is not null order by k.secret_id, s.name`,
  )
  return rows
}

/** The answer to a job whose key has used its minutes. */
export function quotaSpent(period: 'day' | 'month'): Fault {
  const next = period === 'day' ? 'at 00:00 UTC' : 'on the first of the next month, 00:00 UTC'
  return new Fault(
    'LimitExceeded',
    `This key has used its minutes of video for this ${period}. They are available again ${next}. An administrator can raise its quota.`,
  )
}

export type Reservation = {
  /** The key of the job; null for a job without one, which has no quota. */
  readonly secretId: string | null
  /** Length of the video in the job, in decimal seconds. */
  readonly durationSeconds: number
}

/**
 * Reserves the minutes of a running job whose length is now known, until the job ends. Concurrent jobs of a key cannot
 * exceed its quota together, because each holds the row of the key meanwhile. A second call replaces the first.
 *
 * @throws Fault LimitExceeded if the key has fewer minutes left, Cancelled if the claim is no longer valid.
 */
export async function reserveMinutes(
  db: Database,
  { jobId, claim }: JobFence,
  { secretId, durationSeconds }: Reservation,
): Promise<void> {
  if (secretId === null) return
  const ms = Math.round(durationSeconds * 1000)
  await transaction(db, async (client) => {
    const quota = await lockMinutes(client, secretId)
    if (quota === null) return
    const left = await leftMs(client, { secretId, jobId, quota })
    if (ms > left.ms) throw tooLong(ms, left)
    const { rowCount } = await client.query(
      `update jobs set reserved_ms = $3 where job_id = $1 and claims = $2 and state = 'Running'`,
      [jobId, claim, ms],
    )
    if (rowCount === 0)
      throw new Fault('Cancelled', `Job ${jobId} has ended or was claimed by another worker.`)
  })
}

/** Whether a key has a quota of minutes, so that its jobs must reserve theirs. */
export async function hasMinuteQuota(db: Database, secretId: string | null): Promise<boolean> {
  if (secretId === null) return false
  const { rows } = await db.pool.query(`select from api_keys where secret_id = $1 and ${HAS_MINUTES}`, [
    secretId,
  ])
  return rows.length > 0
}

type MinuteQuota = Pick<Quota, 'minutesPerDay' | 'minutesPerMonth'>

const HAS_MINUTES = 'num_nonnulls(minutes_per_day, minutes_per_month) > 0'

/** Locks the row of a key. Null if it has no quota of minutes. */
async function lockMinutes(client: Queryable, secretId: string): Promise<MinuteQuota | null> {
  const { rows } = await client.query<MinuteQuota>(
    `select minutes_per_day as "minutesPerDay", minutes_per_month as "minutesPerMonth" from api_keys
     where secret_id = $1 and ${HAS_MINUTES} for no key update`,
    [secretId],
  )
  return rows[0] ?? null
}

type Left = { readonly ms: number; readonly period: 'day' | 'month' }

/** What is left for one job of a key whose row is locked, in the period that leaves less. */
async function leftMs(
  client: Queryable,
  {
    secretId,
    jobId,
    quota: { minutesPerDay, minutesPerMonth },
  }: { readonly secretId: string; readonly jobId: string; readonly quota: MinuteQuota },
): Promise<Left> {
  const { rows } = await client.query<{ todayMs: number; monthMs: number }>(
    `select (u.today_ms + u.reserved_ms - j.reserved_ms)::float8 as "todayMs",
       (u.month_ms + u.reserved_ms - j.reserved_ms)::float8 as "monthMs"
     from key_use($1) u join jobs j on j.job_id = $2`,
    [secretId, jobId],
  )
  const { todayMs = 0, monthMs = 0 } = rows[0] ?? {}
  const leftOf = (minutes: number | null, usedMs: number) =>
    minutes === null ? Number.POSITIVE_INFINITY : Math.max(0, minutes * MS_PER_MINUTE - usedMs)
  const [day, month] = [leftOf(minutesPerDay, todayMs), leftOf(minutesPerMonth, monthMs)]
  return day <= month ? { ms: day, period: 'day' } : { ms: month, period: 'month' }
}

function tooLong(ms: number, { ms: left, period }: Left): Fault {
  if (left === 0) return quotaSpent(period)
  const minutes = (value: number) => (value / MS_PER_MINUTE).toFixed(1)
  return new Fault(
    'LimitExceeded',
    `The video is ${minutes(ms)} min long, but this key has ${minutes(left)} min left for this ${period} (UTC). An administrator can raise its quota.`,
  )
}
