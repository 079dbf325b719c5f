import type { RouteAnswer } from '@kinoprint/contract'

type UsageRow = RouteAnswer<'getUsage'>['rows'][number]

export const groupings = ['key', 'library', 'kind'] as const
export type Grouping = (typeof groupings)[number]
export const measures = ['billedMinutes', 'jobs'] as const
export type Measure = (typeof measures)[number]

/** What one key, library or kind used in the whole period. `id` is empty for jobs without a key. */
export type UsageGroup = {
  readonly id: string
  readonly jobs: number
  readonly failed: number
  readonly storedMinutes: number
  readonly searchedMinutes: number
  readonly billedMinutes: number
  readonly matches: number
  /** Of the total of the measure, 0..1. */
  readonly share: number
}

type Figures = Omit<UsageGroup, 'id' | 'share'>

const DAY_MS = 86_400_000

/** The groups of rows, the largest by `measure` first. */
export function groupsOf(rows: readonly UsageRow[], by: Grouping, measure: Measure): UsageGroup[] {
  const groups = new Map<string, Omit<UsageGroup, 'share'>>()
  for (const row of rows) {
    const id = idOf(row, by)
    const before = groups.get(id)
    const sum = (figure: keyof Figures) => (before?.[figure] ?? 0) + row[figure]
    groups.set(id, {
      id,
      jobs: sum('jobs'),
      failed: sum('failed'),
      storedMinutes: sum('storedMinutes'),
      searchedMinutes: sum('searchedMinutes'),
      billedMinutes: sum('billedMinutes'),
      matches: sum('matches'),
    })
  }
  const all = [...groups.values()].sort((a, b) => b[measure] - a[measure] || a.id.localeCompare(b.id))
  const total = all.reduce((sum, group) => sum + group[measure], 0)
  return all.map((group) => ({ ...group, share: total === 0 ? 0 : group[measure] / total }))
}

/** The days of a period, first and last included, as YYYY-MM-DD. */
export function daysOf(from: string, to: string): string[] {
  const days: string[] = []
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10))
  return days
}

/** The first and the last day of the `count` days that end today in UTC. */
export function periodOf(count: number, nowMs: number): { readonly from: string; readonly to: string } {
  const to = new Date(nowMs).toISOString().slice(0, 10)
  return { from: new Date(Date.parse(to) - (count - 1) * DAY_MS).toISOString().slice(0, 10), to }
}

/** For each day the measure of each group of `ids`, and last of all others together. */
export function valuesByDay(
  rows: readonly UsageRow[],
  { by, measure, ids }: { readonly by: Grouping; readonly measure: Measure; readonly ids: readonly string[] },
): ReadonlyMap<string, readonly number[]> {
  const days = new Map<string, number[]>()
  for (const row of rows) {
    const values = days.get(row.day ?? '') ?? Array.from({ length: ids.length + 1 }, () => 0)
    const at = ids.indexOf(idOf(row, by))
    const index = at < 0 ? ids.length : at
    values[index] = (values[index] ?? 0) + row[measure]
    days.set(row.day ?? '', values)
  }
  return days
}

function idOf({ secretId, dnaDbId, ruleType }: UsageRow, by: Grouping): string {
  const id = { key: secretId, library: dnaDbId, kind: ruleType }[by]
  return id ?? ''
}
