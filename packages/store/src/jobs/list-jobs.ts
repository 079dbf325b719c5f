import type { Database } from '../database.ts'
import { type HeadRow, type JobHead, toHead } from './job.ts'
import {
  isExact,
  type JobCursor,
  type JobFilter,
  type JobOrder,
  jobScanStatement,
  rangeCountOf,
} from './job-scan.ts'

export type JobListRequest = JobFilter & {
  /** Default: Desc, newest first. */
  readonly order?: JobOrder | undefined
  /** 1..100. Default: 10. */
  readonly size?: number | undefined
  readonly after?: JobCursor | null | undefined
}

export type JobPage = { readonly jobs: JobHead[]; readonly next: JobCursor | null }

const DEFAULT_SIZE = 10
/**
 * Rows read by the second and third scan of a page whose filter is not covered by an index. The page then ends early.
 */
const ROWS = [1_000, 10_000] as const

/**
 * Maximum number of rows that each scan of a page reads from each index range. A key with many buckets has many ranges,
 * which share the limit of the page.
 */
export function scanSizesOf(filter: JobFilter, size: number): readonly number[] {
  if (isExact(filter)) return [size + 1]
  const ranges = rangeCountOf(filter)
  return [2 * (size + 1), ...ROWS.map((rows) => Math.max(size + 1, Math.floor(rows / ranges)))]
}

type Row = {
  readonly scanned: number
  readonly edgeCreatedAt: Date
  readonly edgeSeq: string
} & (HeadRow | { readonly jobId: null })

function cursorOf({ createdAt, seq }: JobHead): JobCursor {
  return { createdAt, seq }
}

/**
 * Returns one page by (createdAt, seq), without results. `next` is null on the last page. A page reads a bounded number
 * of rows: if the filter matches few of very many jobs, it can be short or empty although there is a next one.
 */
export async function listJobs(
  db: Database,
  { order = 'Desc', size = DEFAULT_SIZE, after = null, ...filter }: JobListRequest,
): Promise<JobPage> {
  const jobs: JobHead[] = []
  let edge = after
  for (const rows of scanSizesOf(filter, size)) {
    const missing = size + 1 - jobs.length
    const { text, values } = jobScanStatement({ filter, order, after: edge, size: missing, rows })
    const found = (await db.pool.query<Row>(text, [...values])).rows
    for (const row of found) if (row.jobId !== null) jobs.push(headOf(row))
    const [first] = found
    const last = jobs[size - 1]
    if (jobs.length > size && last !== undefined) return { jobs: jobs.slice(0, size), next: cursorOf(last) }
    if (first === undefined || first.scanned < rows) return { jobs, next: null }
    edge = { createdAt: first.edgeCreatedAt, seq: Number(first.edgeSeq) }
  }
  return { jobs, next: edge }
}

function headOf({ scanned: _, edgeCreatedAt: _at, edgeSeq: _seq, ...row }: Row & HeadRow): JobHead {
  return toHead(row)
}
