import { type MatchState, type Page, type PageBounds, pageOf, pageWindow } from '@kinoprint/core'
import type { Database } from '../database.ts'
import type { Statement } from '../statement.ts'
import { MATCH_COLUMNS, MATCH_JOINS, type Match, type MatchRow, toMatch } from './match.ts'
import {
  type Bind,
  type MatchFilter,
  type MatchScope,
  matchCondition,
  scopeCondition,
} from './match-filter.ts'

type MatchOrder = 'newest' | 'oldest' | 'score' | 'seconds' | 'decided'

/** Unique, so that pages neither repeat nor skip a match. */
const ORDERS: Readonly<Record<MatchOrder, string>> = {
  newest: 'm.opened_at desc, m.match_id desc',
  oldest: 'm.opened_at, m.match_id',
  score: 'm.score desc, m.match_id desc',
  seconds: 'm.similar_seconds desc, m.match_id desc',
  decided: 'm.decided_at desc nulls last, m.match_id desc',
}

const GROUP_KEYS = { reference: 'm.dna_db_id, m.reference_etag', query: 'm.dna_db_id, m.query_etag' } as const

export type MatchQuery = PageBounds &
  MatchFilter & {
    /** Default: newest. */
    readonly order?: MatchOrder | undefined
    /** Only the first match of each reference or query, with the number of its group. */
    readonly group?: keyof typeof GROUP_KEYS | undefined
  }

export type ListedMatch = Match & {
  /** How many matches of the list share its reference or query; null without `group`. */
  readonly grouped: number | null
}

/** Collects the values of a statement. */
export function createBind(): { readonly values: unknown[]; readonly bind: Bind } {
  const values: unknown[] = []
  return { values, bind: (value) => `$${values.push(value)}` }
}

/** The SQL order of a list of `matches m`. */
export function orderOf({ order = 'newest' }: Pick<MatchQuery, 'order'>): string {
  return ORDERS[order]
}

/** The two statements of a page: its matches, and the total. */
export function matchStatements(query: MatchQuery): { readonly page: Statement; readonly total: Statement } {
  const { values, bind } = createBind()
  const where = matchCondition(query, bind)
  const { group } = query
  const total = {
    text:
      group === undefined
        ? `select count(*)::int as total from matches m where ${where}`
        : `select count(*)::int as total from (select from matches m where ${where} group by ${GROUP_KEYS[group]}) m`,
    values: [...values],
  }
  const { limit, offset } = pageWindow(query)
  const order = orderOf(query)
  const keys =
    group === undefined
      ? `select m.match_id, null::int as grouped from matches m where ${where}`
      : `select m.match_id, m.grouped from (
           select m.*, count(*) over (partition by ${GROUP_KEYS[group]})::int as grouped,
             row_number() over (partition by ${GROUP_KEYS[group]} order by ${order}) as rank
           from matches m where ${where}) m where m.rank = 1`
  const text = `select ${MATCH_COLUMNS}, k.grouped from (
      ${keys} order by ${order} limit ${bind(limit)} offset ${bind(offset)}
    ) k join matches m on m.match_id = k.match_id ${MATCH_JOINS} order by ${order}`
  return { page: { text, values }, total }
}

/** Returns a page of the matches. */
export async function listMatches(db: Database, query: MatchQuery): Promise<Page<ListedMatch>> {
  const { page, total } = matchStatements(query)
  const { rows } = await db.pool.query<MatchRow & { grouped: number | null }>(page.text, [...page.values])
  const counted = await db.pool.query<{ total: number }>(total.text, [...total.values])
  const items = rows.map(({ grouped, ...row }) => ({ ...toMatch(row), grouped }))
  return pageOf(items, { filter: query, total: counted.rows[0]?.total ?? 0 })
}

export type MatchCounts = Readonly<Record<MatchState, number>> & {
  /** Decided since `since`. */
  readonly decided: number
}

/** Counts matches by state, without those that ignored passages hide, and the decisions since a time. */
export async function countMatches(
  db: Database,
  { since, ...scope }: MatchScope & { readonly since: Date },
): Promise<MatchCounts> {
  const { values, bind } = createBind()
  const where = scopeCondition(scope, bind)
  const { rows } = await db.pool.query<{ state: MatchState | 'decided'; count: number }>(
    `select m.state, count(*)::int as count from matches m where ${where} group by m.state
     union all select 'decided', count(*)::int from matches m
       where ${where} and m.decided_at >= ${bind(since)} and m.state in ('confirmed', 'dismissed')`,
    values,
  )
  const counts = { open: 0, confirmed: 0, dismissed: 0, near: 0, decided: 0 }
  for (const { state, count } of rows) counts[state] = count
  return counts
}
