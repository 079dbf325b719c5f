import { batchesOf, Fault, type JobState } from '@kinoprint/core'
import type { Database } from '../database.ts'
import { type AdminJobFilter, matchingIdsStatement } from './admin-job-scan.ts'
import { countAdminJobs } from './admin-list-jobs.ts'

/** Number of rows that one statement locks, so that workers and submissions can continue. */
const BATCH = 500
/** Failures that repeat unless the file or the request changes. */
const LASTING_CODES = ['ResourceNotSupported', 'InvalidArgument', 'InvalidContent', 'ContentTooLarge']

export type BulkRequest = {
  readonly filter: AdminJobFilter
  /** Total of the list with this filter, as the person who decided saw it. */
  readonly expected: number
}

export type RetryOutcome = {
  /** Failed and cancelled jobs of the filter. */
  readonly ended: number
  /** Those that can succeed as they are. */
  readonly promising: number
  /** Those that cannot, by reason. */
  readonly hopeless: readonly { readonly code: string; readonly message: string; readonly jobs: number }[]
  readonly retried: number
}

/**
 * Cancels every waiting and running job of a filter and returns their number.
 *
 * @throws Fault Conflict if the filter matches another number of jobs than expected.
 */
export async function cancelMatchingJobs(db: Database, { filter, expected }: BulkRequest): Promise<number> {
  await requireTotal(db, { filter, expected })
  const states: readonly JobState[] = ['Submitted', 'Pause', 'Running']
  return inBatches(await idsOf(db, filter, states), async (ids) => {
    const { rowCount } = await db.pool.query(
      `update jobs set state = 'Cancel', ended_at = clock_timestamp(), stage = '', lease_until = null, worker_id = null
       where job_id in (select job_id from jobs where job_id = any($1) and state = any($2) order by seq for update)`,
      [ids, states],
    )
    return rowCount ?? 0
  })
}

export type RetryRequest = BulkRequest & {
  /** Whether to retry the hopeless jobs too. Default: false. */
  readonly all?: boolean | undefined
  /** Whether only to count. Default: false. */
  readonly dryRun?: boolean | undefined
}

/**
 * Runs the failed and cancelled jobs of a filter again as if they were new, except those that cannot succeed. The
 * reconciler dispatches them within seconds.
 *
 * @throws Fault Conflict if the filter matches another number of jobs than expected.
 */
export async function retryMatchingJobs(
  db: Database,
  { filter, expected, all = false, dryRun = false }: RetryRequest,
): Promise<RetryOutcome> {
  await requireTotal(db, { filter, expected })
  const ids = await idsOf(db, filter, ['Failed', 'Cancel'])
  const hopeless = new Map<string, { message: string; jobs: number }>()
  const promising: string[] = []
  await inBatches(ids, async (batch) => {
    for (const { jobId, code, message } of await prospectsOf(db, batch)) {
      const known = hopeless.get(code ?? '')
      if (code === null) promising.push(jobId)
      else if (known) known.jobs++
      else hopeless.set(code, { message: message ?? '', jobs: 1 })
    }
    return 0
  })
  const retried = dryRun ? 0 : await inBatches(all ? ids : promising, (batch) => retryBatch(db, batch))
  return {
    ended: ids.length,
    promising: promising.length,
    hopeless: [...hopeless]
      .map(([code, { message, jobs }]) => ({ code, message, jobs }))
      .sort((a, b) => b.jobs - a.jobs),
    retried,
  }
}

type Prospect = { readonly jobId: string; readonly code: string | null; readonly message: string | null }

/** Why each job cannot succeed; a null code if it can. */
async function prospectsOf(db: Database, ids: readonly string[]): Promise<Prospect[]> {
  const { rows } = await db.pool.query<Prospect>(
    `select j.job_id as "jobId",
       case when l.number is null then 'LibraryDeleted' when j.state = 'Failed' and j.code = any($2) then j.code end as code,
       case when l.number is null then 'The library ' || j.dna_db_id || ' has been deleted.' else j.message end as message
     from jobs j left join libraries l using (dna_db_id)
     where j.job_id = any($1) and j.state in ('Failed', 'Cancel')`,
    [ids, LASTING_CODES],
  )
  return rows
}

async function retryBatch(db: Database, ids: readonly string[]): Promise<number> {
  const { rowCount } = await db.pool.query(
    `update jobs j set state = case q.state when 'Paused' then 'Pause' else 'Submitted' end, attempts = 0, stage = '',
       progress = 0, code = null, message = null, cause = null, result = null, started_at = null, ended_at = null,
       reserved_ms = 0, dispatched_at = '-infinity'
     from queues q
     where q.queue_id = j.queue_id and j.job_id in (
       select job_id from jobs where job_id = any($1) and state in ('Failed', 'Cancel') order by seq for update)`,
    [ids],
  )
  return rowCount ?? 0
}

async function requireTotal(db: Database, { filter, expected }: BulkRequest): Promise<void> {
  const total = await countAdminJobs(db, filter)
  if (total === expected) return
  throw new Fault(
    'Conflict',
    `The filter now matches ${total} jobs instead of ${expected}. Load the list again and confirm the new number.`,
  )
}

async function idsOf(db: Database, filter: AdminJobFilter, states: readonly JobState[]): Promise<string[]> {
  const { text, values } = matchingIdsStatement(filter, states)
  const { rows } = await db.pool.query<{ jobId: string }>(text, [...values])
  return rows.map(({ jobId }) => jobId)
}

async function inBatches(
  ids: readonly string[],
  work: (batch: readonly string[]) => Promise<number>,
): Promise<number> {
  let done = 0
  for (const batch of batchesOf(ids, BATCH)) done += await work(batch)
  return done
}
