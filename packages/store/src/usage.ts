import type { RuleType } from '@kinoprint/core'
import type { Database, Queryable } from './database.ts'

const usageGroups = ['day', 'key', 'library', 'kind'] as const
type UsageGroup = (typeof usageGroups)[number]

type Figures = {
  /** Jobs that succeeded. */
  readonly jobs: number
  readonly failed: number
  /** Minutes of the videos stored: what `GetFingerPrint` has read. */
  readonly storedMinutes: number
  /** Minutes of the videos searched with. */
  readonly searchedMinutes: number
  /** Both together, as the cloud bills them. Nothing is rounded. Failed jobs and deletes cost nothing. */
  readonly billedMinutes: number
  /** Searches that found something. */
  readonly matches: number
}

type UsageRow = Figures & {
  /** YYYY-MM-DD in UTC. This and the next three are null unless the rows are grouped by them. */
  readonly day: string | null
  /** Also null for jobs without a key. */
  readonly secretId: string | null
  readonly dnaDbId: string | null
  readonly ruleType: RuleType | null
}

export type UsageRequest = {
  /** First and last day, YYYY-MM-DD, both included. */
  readonly from: string
  readonly to: string
  readonly by: readonly UsageGroup[]
}

type Usage = {
  readonly rows: readonly UsageRow[]
  readonly totals: Figures
  /** The first day that is recorded; null for none. */
  readonly since: string | null
}

const COLUMNS: Readonly<Record<UsageGroup, readonly [column: string, name: string]>> = {
  day: ['day', 'day'],
  key: ['secret_id', 'secretId'],
  library: ['dna_db_id', 'dnaDbId'],
  kind: ['rule_type', 'ruleType'],
}

/** The rows of `usage_by_day` that the cloud would bill: 10 minutes stored and 5 searched are 15. */
export const BILLED = `rule_type <> 'DeleteFingerPrint'`

const FIGURES = `coalesce(sum(jobs), 0)::float8 as jobs, coalesce(sum(failed), 0)::float8 as failed,
  ${minutes(`rule_type = 'GetFingerPrint'`)} as "storedMinutes",
  ${minutes(`rule_type = 'FindSimilarVideo'`)} as "searchedMinutes",
  ${minutes(BILLED)} as "billedMinutes", coalesce(sum(matches), 0)::float8 as matches`

/** Sums the minutes of the rows of `usage_by_day` to which a condition applies. */
function minutes(condition: string): string {
  return `coalesce(sum(processed_ms) filter (where ${condition}), 0)::float8 / 60000`
}

/** What was processed in a time, grouped by any of day, key, library and kind, in that order. */
export async function readUsage(db: Database, { from, to, by }: UsageRequest): Promise<Usage> {
  const groups = usageGroups.filter((group) => by.includes(group))
  const selected = usageGroups.map((group) => {
    const [column, name] = COLUMNS[group]
    if (!groups.includes(group)) return `null as "${name}"`
    return group === 'day' ? `to_char(day, 'YYYY-MM-DD') as day` : `nullif(${column}, '') as "${name}"`
  })
  const columns = groups.map((group) => COLUMNS[group][0]).join(', ')
  const where = 'where day between $1::date and $2::date'
  const { rows } = await db.pool.query<UsageRow>(
    `select ${selected.join(', ')}, ${FIGURES} from usage_by_day ${where} group by ${columns} order by ${columns}`,
    [from, to],
  )
  const totals = await db.pool.query<Figures>(`select ${FIGURES} from usage_by_day ${where}`, [from, to])
  const first = await db.pool.query<{ since: string | null }>(
    `select to_char(min(day), 'YYYY-MM-DD') as since from usage_by_day`,
  )
  const none = { jobs: 0, failed: 0, storedMinutes: 0, searchedMinutes: 0, billedMinutes: 0, matches: 0 }
  return { rows, totals: totals.rows[0] ?? none, since: first.rows[0]?.since ?? null }
}

type UsageEntry = {
  readonly secretId: string | null
  readonly dnaDbId: string
  readonly ruleType: RuleType
  /** Null for a job that failed. */
  readonly result: { readonly durationSeconds: number; readonly detections: readonly unknown[] } | null
}

/** Counts a job that has ended, in the transaction that ends it. */
export async function countUsage(
  client: Queryable,
  { secretId, dnaDbId, ruleType, result }: UsageEntry,
): Promise<void> {
  // A primary key cannot contain null, so the command line is the empty SecretId.
  const values = [secretId ?? '', dnaDbId, ruleType]
  const ms = Math.round((result?.durationSeconds ?? 0) * 1000)
  const hasMatch = ruleType === 'FindSimilarVideo' && (result?.detections.length ?? 0) > 0
  await client.query(
    `insert into usage_by_day as u (day, secret_id, dna_db_id, rule_type, jobs, failed, matches, processed_ms)
     values ((clock_timestamp() at time zone 'utc')::date, $1, $2, $3, $4, $5, $6, $7)
     on conflict (day, secret_id, dna_db_id, rule_type) do update set jobs = u.jobs + excluded.jobs,
       failed = u.failed + excluded.failed, matches = u.matches + excluded.matches,
       processed_ms = u.processed_ms + excluded.processed_ms`,
    [...values, result === null ? 0 : 1, result === null ? 1 : 0, hasMatch ? 1 : 0, ms],
  )
  if (result === null) return
  await client.query(
    `insert into usage as u (secret_id, dna_db_id, rule_type, jobs, processed_ms) values ($1, $2, $3, 1, $4)
     on conflict (secret_id, dna_db_id, rule_type)
     do update set jobs = u.jobs + 1, processed_ms = u.processed_ms + excluded.processed_ms`,
    [...values, ms],
  )
}
