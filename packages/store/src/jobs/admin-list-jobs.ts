import {
  Fault,
  type JobState,
  type Page,
  type PageBounds,
  pageOf,
  pageWindow,
  type RuleType,
} from '@kinoprint/core'
import type { Database } from '../database.ts'
import type { Statement } from '../statement.ts'
import { HEAD_COLUMNS, type HeadRow, type JobHead, toHead } from './job.ts'

export type AdminJobFilter = {
  readonly state?: JobState | undefined
  readonly ruleType?: RuleType | undefined
  readonly dnaDbId?: string | undefined
  readonly object?: string | undefined
}

/** Counts and page numbers go up to this many jobs. A longer list must be filtered. */
const ADMIN_JOBS_MAX = 10_000

const COLUMNS = { state: 'state', ruleType: 'rule_type', dnaDbId: 'dna_db_id', object: 'object' } as const

/** The two statements of a page: its jobs, and the total up to ADMIN_JOBS_MAX. */
export function adminJobStatements(filter: PageBounds & AdminJobFilter): {
  readonly page: Statement
  readonly total: Statement
} {
  const { limit, offset } = pageWindow(filter)
  const values: unknown[] = []
  const conditions = (Object.keys(COLUMNS) as (keyof AdminJobFilter)[]).flatMap((name) =>
    filter[name] === undefined ? [] : [`j.${COLUMNS[name]} = $${values.push(filter[name])}`],
  )
  const from = `from jobs j ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
    order by j.created_at desc, j.seq desc limit $${values.length + 1}`
  return {
    page: {
      text: `select ${HEAD_COLUMNS} ${from} offset $${values.length + 2}`,
      values: [...values, limit, offset],
    },
    total: {
      text: `select count(*)::int as total from (select 1 ${from}) counted`,
      values: [...values, ADMIN_JOBS_MAX],
    },
  }
}

/**
 * Returns a page of the jobs by page number, newest first, without results. `total` is at most 10,000 (ADMIN_JOBS_MAX).
 *
 * @throws Fault InvalidArgument for a page beyond that.
 */
export async function adminListJobs(
  db: Database,
  filter: PageBounds & AdminJobFilter,
): Promise<Page<JobHead>> {
  const { limit, offset } = pageWindow(filter)
  if (offset + limit > ADMIN_JOBS_MAX && offset > 0) {
    throw new Fault(
      'InvalidArgument',
      `Only the newest ${ADMIN_JOBS_MAX} jobs can be paged. Filter by state, ruleType, dnaDbId or object.`,
    )
  }
  const { page, total } = adminJobStatements(filter)
  const { rows } = await db.pool.query<HeadRow>(page.text, [...page.values])
  const counted = await db.pool.query<{ total: number }>(total.text, [...total.values])
  return pageOf(rows.map(toHead), { filter, total: counted.rows[0]?.total ?? 0 })
}
