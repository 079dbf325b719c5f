import type { Database } from '../database.ts'
import { addTally, emptyTally, type JobTally, percentilesOf as percentilesOfHistogram } from './job-tally.ts'
import { tallySteps } from './series-by-hour.ts'

/** The middle value and the 95th percentile, in decimal seconds. */
type Percentiles = { readonly p50: number; readonly p95: number }

type SeriesFigures = {
  readonly created: number
  readonly succeeded: number
  readonly failed: number
  readonly cancelled: number
  /** Searches that succeeded. */
  readonly searches: number
  readonly searchesWithMatch: number
  /** Minutes of video in the jobs that ended. */
  readonly minutes: number
  /** Running time of searches; null without any. */
  readonly searchSeconds: Percentiles | null
  /** From submission to start, of jobs that ended. */
  readonly waitSeconds: Percentiles | null
}

export type Series = {
  /** One per step, the oldest first, including those in which nothing happened. */
  readonly points: readonly SeriesFigures[]
  readonly totals: SeriesFigures
  /** Why jobs failed, the most frequent first. */
  readonly failures: readonly { readonly code: string; readonly jobs: number }[]
  /** Matches that were found, or opened again, in the time, by their state now. */
  readonly matches: { readonly open: number; readonly confirmed: number; readonly dismissed: number }
}

export type SeriesRequest = { readonly from: Date; readonly to: Date; readonly stepSeconds: number }

type Row = Omit<SeriesFigures, 'created' | 'searchSeconds' | 'waitSeconds'> & {
  /** Number of the step; null for all. */
  readonly step: number | null
  readonly searchSeconds: readonly number[] | null
  readonly waitSeconds: readonly number[] | null
}

const PERCENTILES = 'percentile_cont(array[0.5, 0.95]) within group'

/** From this length of a step on, kept hours make up nearly all of a time. */
const HOURLY_SECONDS = 3600

/**
 * What happened in each step of a time, by the end of the jobs. Steps of an hour and more are added up from hours, with
 * percentiles to 1 %; for shorter ones, the jobs that were created or ended in the time are read.
 */
export async function readSeries(db: Database, request: SeriesRequest): Promise<Series> {
  const isHourly = request.stepSeconds >= HOURLY_SECONDS
  const figures = isHourly ? await readByHour(db, request) : await readByJob(db, request)
  return { ...figures, matches: await countMatches(db, request) }
}

async function countMatches(db: Database, { from, to }: SeriesRequest): Promise<Series['matches']> {
  const { rows } = await db.pool.query<{ state: keyof Series['matches']; matches: number }>(
    `select state, count(*)::int as matches from matches
     where not ignored and state in ('open', 'confirmed', 'dismissed') and opened_at >= $1 and opened_at < $2 group by state`,
    [from, to],
  )
  const counts = Object.fromEntries(rows.map(({ state, matches }) => [state, matches]))
  return { open: 0, confirmed: 0, dismissed: 0, ...counts }
}

async function readByHour(db: Database, request: SeriesRequest): Promise<Omit<Series, 'matches'>> {
  const tallies = await tallySteps(db, request)
  const all = emptyTally()
  for (const tally of tallies) addTally(all, tally)
  const failures = Object.entries(all.failures)
    .map(([code, jobs]) => ({ code, jobs }))
    .toSorted((one, other) => other.jobs - one.jobs || (one.code < other.code ? -1 : 1))
  return { points: tallies.map(figuresOfTally), totals: figuresOfTally(all), failures }
}

function figuresOfTally(tally: JobTally): SeriesFigures {
  const { searchTimes, waitTimes, processedMs, failures: _, ...counts } = tally
  return {
    ...counts,
    minutes: processedMs / 60_000,
    searchSeconds: percentilesOfHistogram(searchTimes),
    waitSeconds: percentilesOfHistogram(waitTimes),
  }
}

async function readByJob(
  db: Database,
  { from, to, stepSeconds }: SeriesRequest,
): Promise<Omit<Series, 'matches'>> {
  const values = [from, to, stepSeconds]
  const stepOf = (column: string): string =>
    `floor(extract(epoch from ${column} - $1::timestamptz) / $3::float8)::int`
  const ended = await db.pool.query<Row>(
    `select ${stepOf('ended_at')} as step,
       count(*) filter (where state = 'Success')::int as succeeded, count(*) filter (where state = 'Failed')::int as failed,
       count(*) filter (where state = 'Cancel')::int as cancelled,
       count(*) filter (where state = 'Success' and rule_type = 'FindSimilarVideo')::int as searches,
       count(*) filter (where state = 'Success' and rule_type = 'FindSimilarVideo' and detection_count > 0)::int
         as "searchesWithMatch",
       coalesce(sum(processed_ms), 0)::float8 / 60000 as minutes,
       ${PERCENTILES} (order by extract(epoch from ended_at - started_at)::float8)
         filter (where state = 'Success' and rule_type = 'FindSimilarVideo') as "searchSeconds",
       ${PERCENTILES} (order by greatest(0, extract(epoch from started_at - created_at))::float8)
         filter (where started_at is not null) as "waitSeconds"
     from jobs where ended_at >= $1 and ended_at < $2 group by grouping sets ((1), ())`,
    values,
  )
  const created = await db.pool.query<{ step: number; created: number }>(
    `select ${stepOf('created_at')} as step, count(*)::int as created from jobs
     where created_at >= $1 and created_at < $2 group by 1`,
    values,
  )
  const failures = await db.pool.query<{ code: string; jobs: number }>(
    `select code, count(*)::int as jobs from jobs
     where ended_at >= $1 and ended_at < $2 and state = 'Failed' and code is not null group by code order by jobs desc, code`,
    values.slice(0, 2),
  )
  const byStep = new Map(ended.rows.map((row) => [row.step, row]))
  const createdIn = new Map(created.rows.map((row) => [row.step, row.created]))
  const steps = Math.ceil((to.getTime() - from.getTime()) / (1000 * stepSeconds))
  const points = Array.from({ length: steps }, (_, step) => figuresOf(byStep.get(step), createdIn.get(step)))
  const all = [...createdIn.values()].reduce((sum, jobs) => sum + jobs, 0)
  return { points, totals: figuresOf(byStep.get(null), all), failures: failures.rows }
}

const nothing: Row = {
  step: null,
  succeeded: 0,
  failed: 0,
  cancelled: 0,
  searches: 0,
  searchesWithMatch: 0,
  minutes: 0,
  searchSeconds: null,
  waitSeconds: null,
}

function figuresOf(row: Row = nothing, created = 0): SeriesFigures {
  const { step: _, searchSeconds, waitSeconds, ...counts } = row
  return {
    created,
    ...counts,
    searchSeconds: percentilesOf(searchSeconds),
    waitSeconds: percentilesOf(waitSeconds),
  }
}

function percentilesOf(values: readonly number[] | null): Percentiles | null {
  const [p50, p95] = values ?? []
  return p50 == null || p95 == null ? null : { p50, p95 }
}
