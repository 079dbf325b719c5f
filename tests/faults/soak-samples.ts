import { askRedis } from './mortal-servers.ts'
import { temporaryFiles } from './outcome.ts'
import { openHandles, residentBytes } from './processes.ts'
import type { Stack } from './stack.ts'

/** The values that must not grow, sampled at one time. */
export type Sample = {
  readonly minute: number
  readonly values: Readonly<Record<string, number>>
}

export function takeSample(stack: Stack, minute: number): Sample {
  const values: Record<string, number> = {}
  for (const [n, { name, child }] of [stack.api, ...stack.workers].entries()) {
    const part = n === 0 ? name : `${name} ${n}`
    values[`memory of ${part}, MB`] = residentBytes(child.pid ?? 0) / 1e6
    values[`handles of ${part}`] = openHandles(child.pid ?? 0)
  }
  values['temporary files'] = temporaryFiles(stack).length
  values['Redis keys'] = Number(askRedis(stack.redis.port, 'DBSIZE'))
  return { minute, values }
}

function medianOf(samples: readonly Sample[], what: string): number {
  const sorted = samples.map(({ values }) => values[what] ?? 0).sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export type Growth = {
  readonly what: string
  readonly begin: number
  readonly end: number
  readonly fits: boolean
}

const MEMORY_SHARE = 1.1
/** Allowance for the handles, files and keys of running jobs and callbacks. */
const FLUCTUATION = 12

/** Compares each value in the first and in the last samples. */
export function growthOf(begin: readonly Sample[], end: readonly Sample[]): Growth[] {
  return Object.keys(begin[0]?.values ?? {}).map((what) => {
    const [first, last] = [medianOf(begin, what), medianOf(end, what)]
    const limit = what.startsWith('memory') ? first * MEMORY_SHARE : first + FLUCTUATION
    return { what, begin: first, end: last, fits: last <= limit }
  })
}

export type Table = {
  readonly name: string
  readonly live: number
  readonly dead: number
  readonly vacuums: number
}

/** The tables with frequent updates and deletes. */
export function tablesOf({ sql }: Stack): Promise<Table[]> {
  return sql<Table>(
    `select relname as name, n_live_tup::int as live, n_dead_tup::int as dead, autovacuum_count::int as vacuums
     from pg_stat_user_tables where schemaname = 'kinoprint' and n_tup_upd + n_tup_del > 200 order by relname`,
  )
}

/** Number of dead rows at which autovacuum starts with PostgreSQL's settings, doubled for rows that die before it runs. */
export function isVacuumed({ live, dead, vacuums }: Table): boolean {
  return vacuums > 0 || dead <= 2 * (50 + 0.2 * live)
}
