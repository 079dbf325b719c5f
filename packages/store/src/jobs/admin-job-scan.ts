import { type JobState, jobStates, type RuleType } from '@kinoprint/core'
import { containsCondition } from '../contains-pattern.ts'
import type { Statement } from '../statement.ts'

/** Which jobs an administrator lists or changes. Absent fields match every job. */
export type AdminJobFilter = {
  readonly state?: readonly JobState[] | undefined
  readonly ruleType?: RuleType | undefined
  readonly dnaDbId?: string | undefined
  /** Exactly this object. */
  readonly object?: string | undefined
  readonly secretId?: string | undefined
  /** Why the job failed. */
  readonly code?: string | undefined
  /** A job id, or a part of the object or of UserData in either case. */
  readonly q?: string | undefined
  /** Created at this time or later. */
  readonly from?: Date | undefined
  /** Created before this time. */
  readonly to?: Date | undefined
}

export type AdminJobOrder = 'newest' | 'oldest'

/** Counts and page numbers go up to this many jobs, and a scan of one index range reads as many. */
export const ADMIN_JOBS_MAX = 100_000
/** Jobs whose rows a scan reads because no index holds what the filter asks for. */
const ROWS_MAX = 20_000

/** Columns with an index that continues with (created_at, seq). The first one in the filter selects the range. */
const INDEXED = [
  ['object', 'object'],
  ['code', 'code'],
  ['secretId', 'secret_id'],
  ['dnaDbId', 'dna_db_id'],
  ['ruleType', 'rule_type'],
] as const

const JOB_ID = /^j[0-9a-f]{32}$/

export type Scan = {
  /**
   * SQL of a relation with the columns `seq`, `state`, `created_at` and `hit`: the jobs that were read, and
   * whether each matches the filter without its states.
   */
  readonly text: string
  /** True if a scan that reached `limit` jobs may have missed others. */
  readonly limit: number
}

export type Binder = { readonly values: unknown[]; bind(value: unknown): string }

/** Collects the values of a statement and returns their placeholders. */
export function newBinder(): Binder {
  const values: unknown[] = []
  return { values, bind: (value) => `$${values.push(value)}` }
}

/** Whether the states alone select the jobs, in ranges of one index that need no other column. */
export function isByState(filter: AdminJobFilter): boolean {
  return filter.q === undefined && INDEXED.every(([name]) => filter[name] === undefined)
}

/** The conditions on the time of creation, as ` and …`. */
export function timeCondition({ from, to }: AdminJobFilter, { bind }: Binder): string {
  const start = from === undefined ? '' : ` and j.created_at >= ${bind(from)}::timestamptz`
  return to === undefined ? start : `${start} and j.created_at < ${bind(to)}::timestamptz`
}

/** `desc` for the newest first. */
export function directionOf(order: AdminJobOrder): 'desc' | 'asc' {
  return order === 'newest' ? 'desc' : 'asc'
}

/**
 * Reads a bounded range of one index, in order, and checks the other conditions on each job. A filter without a column
 * of its own, such as `q`, reads the newest or oldest jobs. With `hits`, jobs in other states
 * match nothing.
 */
export function scanOf(
  filter: AdminJobFilter,
  { order, hits }: { readonly order: AdminJobOrder; readonly hits?: JobState },
  binder: Binder,
): Scan {
  const { bind } = binder
  const direction = directionOf(order)
  const time = timeCondition(filter, binder)
  const range = (where: string, columns: string, limit: number): string =>
    `select j.seq, j.state, j.created_at${columns} from jobs j where ${where}${time}
     order by j.created_at ${direction}, j.seq ${direction} limit ${limit}`
  if (filter.q !== undefined && JOB_ID.test(filter.q)) {
    const rest = INDEXED.filter(([name]) => filter[name] !== undefined)
    const hit = ['true', ...rest.map(([name, column]) => `j.${column} = ${bind(filter[name])}`)].join(' and ')
    return { text: range(`j.job_id = ${bind(filter.q)}`, `, ${hit} as hit`, 2), limit: 2 }
  }
  const [lead, ...others] = INDEXED.filter(([name]) => filter[name] !== undefined)
  const conditions = [
    ...others.map(([name, column]) => `j.${column} = ${bind(filter[name])}`),
    ...(filter.q === undefined ? [] : [textCondition(filter.q, bind)]),
  ]
  const hit = conditions.join(' and ')
  if (lead === undefined) {
    // The state comes first: the text of other jobs need not be searched.
    const all = [...(hits === undefined ? [] : [`j.state = ${bind(hits)}`]), hit || 'true'].join(' and ')
    return { text: range('true', `, ${all} as hit`, ROWS_MAX), limit: ROWS_MAX }
  }
  const where = `j.${lead[1]} = ${bind(filter[lead[0]])}`
  if (hit === '') return { text: range(where, ', true as hit', ADMIN_JOBS_MAX), limit: ADMIN_JOBS_MAX }
  // Read the range from the index alone, then the rows one by one: with both in one scan, PostgreSQL may prefer an
  // index by age and read most of the table.
  const text = `select r.seq, r.state, r.created_at, c.hit from (${range(where, '', ROWS_MAX)}) r
    cross join lateral (select ${hit} as hit from jobs j where j.seq = r.seq offset 0) c${hits === undefined ? '' : ` where r.state = ${bind(hits)}`}`
  return { text, limit: ROWS_MAX }
}

function textCondition(q: string, bind: Binder['bind']): string {
  const has = (column: string): string => containsCondition(column, q, bind)
  return `(${has('j.object')} or coalesce(${has('j.user_data')}, false))`
}

/**
 * The ids of matching jobs in the given states, in no particular order. It reads the same jobs as the list of the
 * same filter.
 */
export function matchingIdsStatement(filter: AdminJobFilter, states: readonly JobState[]): Statement {
  const binder = newBinder()
  const allowed = (filter.state ?? jobStates).filter((state) => states.includes(state))
  const wanted = binder.bind(allowed)
  if (isByState(filter)) {
    const time = timeCondition(filter, binder)
    const text = `select j.job_id as "jobId" from jobs j where j.state = any(${wanted}::text[])${time}
      order by j.created_at desc, j.seq desc limit ${ADMIN_JOBS_MAX}`
    return { text, values: binder.values }
  }
  const scan = scanOf(filter, { order: 'newest' }, binder)
  const text = `with scanned as materialized (${scan.text})
    select j.job_id as "jobId" from scanned s cross join lateral (select x.job_id from jobs x where x.seq = s.seq offset 0) j
    where s.hit and s.state = any(${wanted}::text[])`
  return { text, values: binder.values }
}
