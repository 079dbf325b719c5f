import type { Queryable } from '../database.ts'

/** How often each duration occurred, by the number of its bucket. */
type Histogram = Record<string, number>

/** What happened to jobs in a stretch of time. Tallies of several stretches can be added. */
export type JobTally = {
  created: number
  succeeded: number
  failed: number
  cancelled: number
  searches: number
  searchesWithMatch: number
  processedMs: number
  /** Running times of searches. */
  readonly searchTimes: Histogram
  /** Times from submission to start. */
  readonly waitTimes: Histogram
  /** Failed jobs by code. */
  readonly failures: Record<string, number>
}

export type Stretch = { readonly from: Date; readonly to: Date }

/** Buckets for each power of e: a duration is known to 1 %. */
const BUCKETS = 50
/** Shorter durations count as this one, in seconds. */
const LEAST_SECONDS = 0.001

export function emptyTally(): JobTally {
  const none = { created: 0, succeeded: 0, failed: 0, cancelled: 0, searches: 0, searchesWithMatch: 0 }
  return { ...none, processedMs: 0, searchTimes: {}, waitTimes: {}, failures: {} }
}

export function addTally(sum: JobTally, other: JobTally): void {
  for (const name of ['created', 'succeeded', 'failed', 'cancelled'] as const) sum[name] += other[name]
  for (const name of ['searches', 'searchesWithMatch', 'processedMs'] as const) sum[name] += other[name]
  for (const name of ['searchTimes', 'waitTimes', 'failures'] as const)
    for (const [key, count] of Object.entries(other[name])) sum[name][key] = (sum[name][key] ?? 0) + count
}

/** The middle value and the 95th percentile in seconds, to 1 %; null without any. */
export function percentilesOf(histogram: Histogram): { p50: number; p95: number } | null {
  const buckets = Object.entries(histogram).toSorted(([one], [other]) => Number(one) - Number(other))
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return null
  const valueAt = (rank: number) => {
    let before = 0
    for (const [bucket, count] of buckets) {
      before += count
      if (rank < before) return Math.exp(Number(bucket) / BUCKETS)
    }
    return Math.exp(Number(buckets.at(-1)?.[0]) / BUCKETS)
  }
  // Between two ranks in proportion, as percentile_cont of PostgreSQL.
  const at = (share: number) => {
    const rank = share * (total - 1)
    const low = valueAt(Math.floor(rank))
    return low + (rank % 1) * (valueAt(Math.ceil(rank)) - low)
  }
  return { p50: at(0.5), p95: at(0.95) }
}

type EndedRow = {
  readonly at: number
  readonly state: 'Success' | 'Failed' | 'Cancel'
  readonly isSearch: boolean
  readonly found: boolean
  readonly code: string | null
  readonly searchTime: number | null
  readonly waitTime: number | null
  readonly jobs: number
  readonly processedMs: number
}

const bucketOf = (span: string): string =>
  `round(ln(greatest(${LEAST_SECONDS}, extract(epoch from ${span})::float8)) * ${BUCKETS})::int`
const STRETCHES = 'unnest($1::timestamptz[], $2::timestamptz[]) with ordinality as s(start, stop, at)'
const search = `rule_type = 'FindSimilarVideo'`

/** Ended jobs of each stretch. Each stretch is one range of the index. */
export const ENDED_JOBS = `
  select s.at::int - 1 as at, j.* from ${STRETCHES} cross join lateral (
    select state, ${search} as "isSearch", ${search} and detection_count > 0 as found,
      case when state = 'Failed' then code end as code,
      case when state = 'Success' and ${search} then ${bucketOf('ended_at - started_at')} end as "searchTime",
      ${bucketOf('started_at - created_at')} as "waitTime",
      count(*)::int as jobs, coalesce(sum(processed_ms), 0)::float8 as "processedMs"
    from jobs where ended_at >= s.start and ended_at < s.stop group by 1, 2, 3, 4, 5, 6) j`

/** Created jobs of each stretch. */
export const CREATED_JOBS = `
  select s.at::int - 1 as at, j.jobs from ${STRETCHES} cross join lateral (
    select count(*)::int as jobs from jobs where created_at >= s.start and created_at < s.stop) j`

/** Counts the jobs that were created or ended in each stretch. */
export async function tallyJobs(db: Queryable, stretches: readonly Stretch[]): Promise<JobTally[]> {
  if (stretches.length === 0) return []
  const tallies = stretches.map(emptyTally)
  const values = [stretches.map(({ from }) => from), stretches.map(({ to }) => to)]
  const ended = await db.query<EndedRow>(ENDED_JOBS, values)
  for (const row of ended.rows) {
    const tally = tallies[row.at]
    if (tally !== undefined) count(tally, row)
  }
  const created = await db.query<{ at: number; jobs: number }>(CREATED_JOBS, values)
  for (const { at, jobs } of created.rows) {
    const tally = tallies[at]
    if (tally !== undefined) tally.created = jobs
  }
  return tallies
}

function count(tally: JobTally, row: EndedRow): void {
  const { state, isSearch, found, code, searchTime, waitTime, jobs, processedMs } = row
  tally.processedMs += processedMs
  if (state === 'Success') tally.succeeded += jobs
  if (state === 'Failed') tally.failed += jobs
  if (state === 'Cancel') tally.cancelled += jobs
  if (state === 'Success' && isSearch) tally.searches += jobs
  if (state === 'Success' && found) tally.searchesWithMatch += jobs
  const add = (histogram: Histogram, key: string | number | null) => {
    if (key !== null) histogram[key] = (histogram[key] ?? 0) + jobs
  }
  add(tally.searchTimes, searchTime)
  add(tally.waitTimes, waitTime)
  add(tally.failures, code)
}
