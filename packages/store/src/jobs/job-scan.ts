import { type JobState, jobStates } from '@kinoprint/core'
import type { Scope } from '../scope.ts'
import type { Statement } from '../statement.ts'
import { HEAD_COLUMNS } from './job.ts'

/** The last job of a page. The next page starts after it, regardless of new jobs. */
export type JobCursor = { readonly createdAt: Date; readonly seq: number }

export type JobFilter = Scope & {
  readonly queueId?: string | undefined
  readonly tag?: string | undefined
  /** Absent or empty means all. */
  readonly states?: readonly JobState[] | undefined
  /** Inclusive, like the end. */
  readonly startCreationTime?: Date | undefined
  readonly endCreationTime?: Date | undefined
  readonly inputObject?: string | undefined
  readonly inventoryJobId?: string | undefined
}

export type JobOrder = 'Desc' | 'Asc'

export type JobScan = {
  readonly filter: JobFilter
  readonly order: JobOrder
  readonly after: JobCursor | null
  /** Most jobs to return. */
  readonly size: number
  /** Most rows to read from each index range. */
  readonly rows: number
}

type Column = 'inventory_job_id' | 'object' | 'queue_id' | 'bucket' | 'region' | 'dna_db_id' | 'state' | 'tag'
type Condition = readonly [column: Column, values: readonly string[]]

/** The filter as columns, each with its allowed values. */
function conditionsOf(filter: JobFilter): Condition[] {
  const { states = [], libraries, buckets, regions } = filter
  const conditionOn = (column: Column, values: readonly string[] | null | undefined): Condition[] =>
    values == null ? [] : [[column, values]]
  const one = (value: string | undefined): string[] | undefined => (value === undefined ? undefined : [value])
  return [
    ...conditionOn('inventory_job_id', one(filter.inventoryJobId)),
    ...conditionOn('object', one(filter.inputObject)),
    ...conditionOn('queue_id', one(filter.queueId)),
    ...conditionOn('bucket', buckets),
    ...conditionOn('region', regions),
    ...conditionOn('dna_db_id', libraries),
    ...conditionOn('state', states.length === 0 ? undefined : states),
    ...conditionOn('tag', one(filter.tag)),
  ]
}

/** Columns that have an index ending in (created_at, seq). The first one in the filter is used. */
const INDEXED: readonly Column[] = ['inventory_job_id', 'object', 'queue_id', 'bucket', 'dna_db_id', 'state']
/** Columns whose index continues with the state. */
const WITH_STATE: readonly Column[] = ['queue_id', 'bucket']

/** Splits a filter into the columns that select index ranges and the conditions checked on each row. */
function planOf(filter: JobFilter): { path: Condition[]; rest: Condition[] } {
  const conditions = conditionsOf(filter)
  const first = INDEXED.flatMap((column) => conditions.filter(([name]) => name === column))[0]
  if (first === undefined) return { path: [], rest: conditions }
  const others = conditions.filter((condition) => condition !== first)
  if (!WITH_STATE.includes(first[0])) return { path: [first], rest: others }
  const states: Condition = others.find(([column]) => column === 'state') ?? ['state', jobStates]
  return { path: [first, states], rest: others.filter((condition) => condition !== states) }
}

/** Whether every row that is read matches the filter. */
export function isExact(filter: JobFilter): boolean {
  return planOf(filter).rest.length === 0
}

/** Number of index ranges that a scan reads: one per combination of values of the leading index columns. */
export function rangeCountOf(filter: JobFilter): number {
  return planOf(filter).path.reduce((product, [, values]) => product * values.length, 1)
}

/**
 * Builds a statement that reads a bounded part of an index in order. It returns one row per matching job, or a single
 * row without a job. Each row contains the number of rows read and the position of the last one.
 */
export function jobScanStatement({ filter, order, after, size, rows }: JobScan): Statement {
  const values: unknown[] = []
  const bind = (value: unknown): string => `$${values.push(value)}`
  const [direction, opposite, beyond] = order === 'Desc' ? ['desc', 'asc', '<'] : ['asc', 'desc', '>']
  const { path, rest } = planOf(filter)
  const { startCreationTime, endCreationTime } = filter
  const bounds = [
    ...path.map(([column], at) => `j.${column} = value${at}.value`),
    ...(startCreationTime === undefined ? [] : [`j.created_at >= ${bind(startCreationTime)}::timestamptz`]),
    ...(endCreationTime === undefined ? [] : [`j.created_at <= ${bind(endCreationTime)}::timestamptz`]),
    ...(after === null
      ? []
      : [
          `(j.created_at, j.seq) ${beyond} (${bind(after.createdAt)}::timestamptz, ${bind(after.seq)}::bigint)`,
        ]),
  ]
  const sources = path.map(([, allowed], at) => `unnest(${bind(allowed)}::text[]) as value${at}(value)`)
  const hit =
    rest.map(([column, allowed]) => `j.${column} = any(${bind(allowed)}::text[])`).join(' and ') || 'true'
  const limit = bind(rows)
  const range = `select j.job_id, j.created_at, j.seq, ${hit} as hit from jobs j
    ${bounds.length === 0 ? '' : `where ${bounds.join(' and ')}`}
    order by j.created_at ${direction}, j.seq ${direction} limit ${limit}`
  const text = `with scanned as materialized (
      select s.* from ${sources.map((source) => `${source} cross join `).join('')} lateral (${range}) s
      order by s.created_at ${direction}, s.seq ${direction} limit ${limit}
    ), hits as (
      select * from scanned where hit order by created_at ${direction}, seq ${direction} limit ${bind(size)}
    ), edge as (
      select created_at, seq from scanned order by created_at ${opposite}, seq ${opposite} limit 1
    )
    select (select count(*)::int from scanned) as "scanned", edge.created_at as "edgeCreatedAt",
      edge.seq as "edgeSeq", ${HEAD_COLUMNS}
    from edge left join hits on true left join jobs j on j.job_id = hits.job_id
    order by hits.created_at ${direction}, hits.seq ${direction}`
  return { text, values }
}
