import { type JobState, jobStates } from '@kinoprint/core'
import type { Scope } from '../scope.ts'
import type { Statement } from '../statement.ts'
import { HEAD_COLUMNS } from './job-row.ts'

/** The last job of a page; the next page begins behind it, whatever has arrived meanwhile. */
export type JobCursor = { readonly createdAt: Date; readonly seq: number }

export type JobFilter = Scope & {
  readonly queueId?: string | undefined
  readonly tag?: string | undefined
  /** Absent or empty for all. */
  readonly states?: readonly JobState[] | undefined
  /** Both ends included. */
  readonly startCreationTime?: Date | undefined
  readonly endCreationTime?: Date | undefined
  readonly inputObject?: string | undefined
}

export type JobOrder = 'Desc' | 'Asc'

export type WindowRequest = {
  readonly filter: JobFilter
  readonly order: JobOrder
  readonly after: JobCursor | null
  /** Jobs answered at most. */
  readonly size: number
  /** Rows read of each value that the index begins with. */
  readonly rows: number
}

type Column = 'object' | 'queue_id' | 'bucket' | 'region' | 'dna_db_id' | 'state' | 'tag'
type Condition = readonly [column: Column, values: readonly string[]]

/** What a filter asks for, each column with the values that it may have. */
const conditionsOf = (filter: JobFilter): Condition[] => {
  const { states = [], libraries, buckets, regions } = filter
  const given = (column: Column, values: readonly string[] | null | undefined): Condition[] =>
    values == null ? [] : [[column, values]]
  const one = (value: string | undefined): string[] | undefined => (value === undefined ? undefined : [value])
  return [
    ...given('object', one(filter.inputObject)),
    ...given('queue_id', one(filter.queueId)),
    ...given('bucket', buckets),
    ...given('region', regions),
    ...given('dna_db_id', libraries),
    ...given('state', states.length === 0 ? undefined : states),
    ...given('tag', one(filter.tag)),
  ]
}

/** Columns with an index of their own that ends in the order; the first one that is asked for is read. */
const INDEXED: readonly Column[] = ['object', 'queue_id', 'bucket', 'dna_db_id', 'state']
/** Whose index goes on with the state. */
const WITH_STATE: readonly Column[] = ['queue_id', 'bucket']

/** The columns that an index is read by, and the conditions that are checked on each of its rows. */
const planOf = (filter: JobFilter): { path: Condition[]; rest: Condition[] } => {
  const asked = conditionsOf(filter)
  const first = INDEXED.flatMap((column) => asked.filter(([name]) => name === column))[0]
  if (first === undefined) return { path: [], rest: asked }
  const others = asked.filter((condition) => condition !== first)
  if (!WITH_STATE.includes(first[0])) return { path: [first], rest: others }
  const states: Condition = others.find(([column]) => column === 'state') ?? ['state', jobStates]
  return { path: [first, states], rest: others.filter((condition) => condition !== states) }
}

/** Whether every row that is read is one that was asked for. */
export const isExact = (filter: JobFilter): boolean => planOf(filter).rest.length === 0

/** Stretches of the index that a window reads: one for each combination of the values that the index begins with. */
export const stretchesOf = (filter: JobFilter): number =>
  planOf(filter).path.reduce((product, [, values]) => product * values.length, 1)

/**
 * Reads a limited stretch of an index in order, and answers the jobs in it that were asked for: one row for each, or a
 * single one without a job; each says how many rows were read and where the last of them stands.
 */
export const jobWindow = ({ filter, order, after, size, rows }: WindowRequest): Statement => {
  const values: unknown[] = []
  const bind = (value: unknown): string => `$${values.push(value)}`
  const [direction, opposite, beyond] = order === 'Desc' ? ['desc', 'asc', '<'] : ['asc', 'desc', '>']
  const { path, rest } = planOf(filter)
  const { startCreationTime, endCreationTime } = filter
  const within = [
    ...path.map(([column], at) => `j.${column} = value${at}.value`),
    ...(startCreationTime === undefined ? [] : [`j.created_at >= ${bind(startCreationTime)}::timestamptz`]),
    ...(endCreationTime === undefined ? [] : [`j.created_at <= ${bind(endCreationTime)}::timestamptz`]),
    ...(after === null
      ? []
      : [
          `(j.created_at, j.seq) ${beyond} (${bind(after.createdAt)}::timestamptz, ${bind(after.seq)}::bigint)`,
        ]),
  ]
  const sources = path.map(([, wanted], at) => `unnest(${bind(wanted)}::text[]) as value${at}(value)`)
  const hit =
    rest.map(([column, wanted]) => `j.${column} = any(${bind(wanted)}::text[])`).join(' and ') || 'true'
  const limit = bind(rows)
  const stretch = `select j.job_id, j.created_at, j.seq, ${hit} as hit from jobs j
    ${within.length === 0 ? '' : `where ${within.join(' and ')}`}
    order by j.created_at ${direction}, j.seq ${direction} limit ${limit}`
  const text = `with scanned as materialized (
      select s.* from ${sources.map((source) => `${source} cross join `).join('')} lateral (${stretch}) s
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
