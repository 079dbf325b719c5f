import type { Database } from '../database.ts'
import type { JobHead } from './job.ts'
import { type HeadRow, toHead } from './job-row.ts'
import {
  isExact,
  type JobCursor,
  type JobFilter,
  type JobOrder,
  jobWindow,
  stretchesOf,
} from './job-window.ts'

export type { JobCursor, JobFilter } from './job-window.ts'

export type JobListRequest = JobFilter & {
  /** Newest first (Desc) unless told. */
  readonly order?: JobOrder | undefined
  /** 1..100; 10 unless told. */
  readonly size?: number | undefined
  readonly after?: JobCursor | null | undefined
}

export type JobPage = { readonly jobs: JobHead[]; readonly next: JobCursor | null }

const DEFAULT_SIZE = 10
/** Rows that a page reads in all where the index does not cover the whole filter, at first and then; then it ends early. */
const ROWS = [1_000, 10_000] as const

/**
 * Rows that each window of a page reads at most of each stretch of the index. A key of many buckets has many stretches:
 * they share what a page may read.
 */
export const windowsOf = (filter: JobFilter, size: number): readonly number[] => {
  if (isExact(filter)) return [size + 1]
  const stretches = stretchesOf(filter)
  return [2 * (size + 1), ...ROWS.map((rows) => Math.max(size + 1, Math.floor(rows / stretches)))]
}

type Row = {
  readonly scanned: number
  readonly edgeCreatedAt: Date
  readonly edgeSeq: string
} & (HeadRow | { readonly jobId: null })

const cursorOf = ({ createdAt, seq }: JobHead): JobCursor => ({ createdAt, seq })

/**
 * One page by (createdAt, seq), without results; `next` is null on the last one. However many jobs there are, a page
 * reads a limited number: one whose filter matches few of very many may be short, or empty, and still have a next one.
 */
export const listJobs = async (
  db: Database,
  { order = 'Desc', size = DEFAULT_SIZE, after = null, ...filter }: JobListRequest,
): Promise<JobPage> => {
  const jobs: JobHead[] = []
  let edge = after
  for (const rows of windowsOf(filter, size)) {
    const wanted = size + 1 - jobs.length
    const { text, values } = jobWindow({ filter, order, after: edge, size: wanted, rows })
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

const headOf = ({ scanned: _, edgeCreatedAt: _at, edgeSeq: _seq, ...row }: Row & HeadRow): JobHead =>
  toHead(row)
