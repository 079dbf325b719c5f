import type { Database } from '../database.ts'
import { type JobTally, type Stretch, tallyJobs } from './job-tally.ts'

export const HOUR_MS = 3_600_000
/** An hour is counted for good only then: transactions that end jobs may commit later than they say. */
const SETTLED_MS = 10 * 60_000
const KEPT_MS = 62 * 24 * HOUR_MS

/**
 * The tallies of the whole hours (UTC) of a time that are over, by the start of the hour in milliseconds. Those that are missing are counted and kept: an hour is read
 * from its jobs once.
 */
export async function readJobHours(
  db: Database,
  { from, to }: Stretch,
): Promise<ReadonlyMap<number, JobTally>> {
  const first = Math.ceil(from.getTime() / HOUR_MS)
  const end = Math.floor(Math.min(to.getTime(), Date.now() - SETTLED_MS) / HOUR_MS)
  if (end <= first) return new Map()
  const { rows } = await db.pool.query<{ hour: Date; tally: JobTally }>(
    'select hour, tally from job_hours where hour >= $1 and hour < $2',
    [new Date(first * HOUR_MS), new Date(end * HOUR_MS)],
  )
  const kept = new Map(rows.map(({ hour, tally }) => [hour.getTime(), tally]))
  const missing = Array.from({ length: end - first }, (_, hour) => (first + hour) * HOUR_MS).filter(
    (hour) => !kept.has(hour),
  )
  const stretches = missing.map((hour) => ({ from: new Date(hour), to: new Date(hour + HOUR_MS) }))
  const counted = await tallyJobs(db.pool, stretches)
  if (counted.length > 0) {
    await db.pool.query(
      `insert into job_hours (hour, tally) select * from unnest($1::timestamptz[], $2::jsonb[])
       on conflict (hour) do nothing`,
      [stretches.map((one) => one.from), counted.map((tally) => JSON.stringify(tally))],
    )
  }
  for (const [index, tally] of counted.entries()) kept.set(missing[index] ?? 0, tally)
  return kept
}

/** Counts the hours of the last two months that are over and not counted yet: figures of a month are set against the month before. */
export async function keepJobHours(db: Database): Promise<void> {
  const to = new Date()
  await readJobHours(db, { from: new Date(to.getTime() - KEPT_MS), to })
}
