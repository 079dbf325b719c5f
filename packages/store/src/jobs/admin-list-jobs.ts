import {
  Fault,
  type JobState,
  jobStates,
  type Page,
  type PageBounds,
  pageOf,
  pageWindow,
} from '@kinoprint/core'
import type { Database } from '../database.ts'
import type { Statement } from '../statement.ts'
import {
  ADMIN_JOBS_MAX,
  type AdminJobFilter,
  type AdminJobOrder,
  directionOf,
  isByState,
  newBinder,
  scanOf,
  timeCondition,
} from './admin-job-scan.ts'
import { HEAD_COLUMNS, type HeadRow, type JobHead, toHead } from './job.ts'

/** Failed jobs whose reasons are counted. */
const REASONS_MAX = 2_000

export type AdminJobList = Page<JobHead> & {
  /** By state, of the same filter without its states. Each at most 100,000. */
  readonly counts: Readonly<Record<JobState, number>>
  /** Why jobs of the filter failed, most frequent first, over its newest 2,000 failed jobs. */
  readonly reasons: readonly { readonly code: string; readonly jobs: number }[]
  /** False if a count stopped at its limit. */
  readonly exact: boolean
  /** Where a bounded scan stopped, in the direction of the order; null if it read every job of the filter. */
  readonly searchedTo: Date | null
}

export type AdminJobRequest = PageBounds & AdminJobFilter & { readonly order?: AdminJobOrder | undefined }

/** One row per job of the page, or a single row without a job. Every row carries the counts. */
type Row = {
  readonly counted: readonly {
    readonly state: JobState
    readonly jobs: number
    readonly scanned: number
    readonly edge: string
  }[]
} & (HeadRow | { readonly jobId: null })

/** The statement of a page with its counts, and the most jobs that one of its ranges looks at. */
export function adminJobStatement(request: AdminJobRequest): Statement & { readonly limit: number } {
  const { order = 'newest', state: states = jobStates } = request
  const direction = directionOf(order)
  const { limit, offset } = pageWindow(request)
  const binder = newBinder()
  const { bind } = binder
  const wanted = bind(states)
  const sorted = `order by created_at ${direction}, seq ${direction}`
  const ranges = isByState(request)
    ? byState(timeCondition(request, binder), { wanted, direction, last: bind(limit + offset) })
    : byScan(scanOf(request, { order }, binder), { wanted, order })
  const text = `with ${ranges.text},
    page as (select seq, created_at from candidates ${sorted} limit ${bind(limit)} offset ${bind(offset)}),
    head as (select coalesce(json_agg(c), '[]') as counted from counted c)
    select head.counted, p.created_at as "sortTime", j.* from head left join page p on true
      left join lateral (select ${HEAD_COLUMNS} from jobs j where j.seq = p.seq offset 0) j on true
    order by p.created_at ${direction}, p.seq ${direction}`
  return { text, values: binder.values, limit: ranges.limit }
}

/** Each state is one range of an index, so its count and its first jobs need no other row. */
function byState(time: string, { wanted, direction, last }: Readonly<Record<string, string>>) {
  const range = (columns: string, limit: string): string =>
    `select ${columns} from jobs j where j.state = s.state${time}
     order by j.created_at ${direction}, j.seq ${direction} limit ${limit}`
  const states = jobStates.map((state) => `'${state}'`).join(', ')
  const text = `counted as (
      select s.state, c.jobs, c.jobs as scanned, null::timestamptz as edge from unnest(array[${states}]) s(state)
        cross join lateral (select count(*)::int as jobs from (${range('1', String(ADMIN_JOBS_MAX))}) r) c
    ), candidates as (
      select c.seq, c.created_at from unnest(${wanted}::text[]) s(state)
        cross join lateral (${range('j.seq, j.created_at', last ?? '')}) c
    )`
  return { text, limit: ADMIN_JOBS_MAX }
}

type ScanOptions = { readonly wanted: string; readonly order: AdminJobOrder }

function byScan(scan: { text: string; limit: number }, { wanted, order }: ScanOptions) {
  const edge = order === 'newest' ? 'min' : 'max'
  const text = `scanned as materialized (${scan.text}), counted as (
      select state, count(*) filter (where hit)::int as jobs, count(*)::int as scanned, ${edge}(created_at) as edge
      from scanned group by state
    ), candidates as (select seq, created_at from scanned where hit and state = any(${wanted}::text[]))`
  return { text, limit: scan.limit }
}

/** Counts the codes of the newest failed jobs of a filter. */
export function reasonsStatement(filter: AdminJobFilter): Statement {
  const binder = newBinder()
  const failed = isByState(filter)
    ? `select j.code from jobs j where j.state = 'Failed'${timeCondition(filter, binder)}
       order by j.created_at desc, j.seq desc limit ${REASONS_MAX}`
    : `select c.code from (${scanOf(filter, { order: 'newest', hits: 'Failed' }, binder).text}) s
       cross join lateral (select j.code from jobs j where j.seq = s.seq offset 0) c
       where s.hit and s.state = 'Failed' limit ${REASONS_MAX}`
  const text = `select code, count(*)::int as jobs from (${failed}) f where code is not null
    group by code order by jobs desc, code`
  return { text, values: binder.values }
}

/**
 * Returns a page of the jobs by page number, without results, with counts by state. It reads a bounded number of rows:
 * see `exact` and `searchedTo`.
 *
 * @throws Fault InvalidArgument for a page beyond job 100,000.
 */
export async function adminListJobs(db: Database, request: AdminJobRequest): Promise<AdminJobList> {
  const { limit, offset } = pageWindow(request)
  if (offset + limit > ADMIN_JOBS_MAX && offset > 0) {
    throw new Fault(
      'InvalidArgument',
      `Only ${ADMIN_JOBS_MAX} jobs can be paged. Narrow the list, for example with from and to.`,
    )
  }
  const statement = adminJobStatement(request)
  const { rows } = await db.pool.query<Row & { sortTime: unknown }>(statement.text, [...statement.values])
  const reasons = reasonsStatement(request)
  const found = await db.pool.query<{ code: string; jobs: number }>(reasons.text, [...reasons.values])
  const counted = rows[0]?.counted ?? []
  const items = rows.flatMap(({ counted: _, sortTime: _time, ...row }) =>
    row.jobId === null ? [] : [toHead(row)],
  )
  return { ...totalsOf(counted, { request, limit: statement.limit, items }), reasons: found.rows }
}

/** The `total` of the list with this filter. */
export async function countAdminJobs(db: Database, filter: AdminJobFilter): Promise<number> {
  const request = { ...filter, page: 1, pageSize: 1 }
  const { text, values, limit } = adminJobStatement(request)
  const { rows } = await db.pool.query<Row>(text, [...values])
  return totalsOf(rows[0]?.counted ?? [], { request, limit, items: [] }).total
}

type Totals = {
  readonly request: AdminJobRequest
  readonly limit: number
  readonly items: readonly JobHead[]
}

function totalsOf(counted: Row['counted'], { request, limit, items }: Totals): Omit<AdminJobList, 'reasons'> {
  const counts = Object.fromEntries(jobStates.map((state) => [state, 0])) as Record<JobState, number>
  for (const { state, jobs } of counted) counts[state] = jobs
  const { state: states = jobStates } = request
  const sum = states.reduce((total, state) => total + counts[state], 0)
  const bounded = !isByState(request)
  const scanned = counted.reduce(
    (most, row) => (bounded ? most + row.scanned : Math.max(most, row.scanned)),
    0,
  )
  const edges = counted.map(({ edge }) => Date.parse(edge)).sort((a, b) => a - b)
  const edge = request.order === 'oldest' ? edges.at(-1) : edges[0]
  const total = Math.min(sum, ADMIN_JOBS_MAX)
  return {
    ...pageOf(items, { filter: request, total }),
    counts,
    exact: scanned < limit && total === sum,
    searchedTo: bounded && scanned >= limit && edge !== undefined ? new Date(edge) : null,
  }
}
