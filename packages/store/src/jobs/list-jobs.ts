import type { Database } from '../database.ts'
import { type Page, type PageBounds, pageOf, pageWindow } from '../page.ts'
import type { Scope } from '../scope.ts'
import type { Job, JobState, RuleType } from './job.ts'
import { JOB_COLUMNS, type JobRow, toJob } from './job-row.ts'

const IN_SCOPE = `($1::text[] is null or j.dna_db_id = any($1)) and ($2::text[] is null or j.bucket = any($2))
  and ($3::text[] is null or j.region = any($3))`

const scopeValues = ({ libraries, buckets, regions }: Scope) => [
  libraries ?? null,
  buckets ?? null,
  regions ?? null,
]

/** Those that exist and may be seen, in the order of their ids' first mention. */
export const getJobs = async (db: Database, jobIds: readonly string[], scope: Scope = {}): Promise<Job[]> => {
  const { rows } = await db.pool.query<JobRow>(
    `select ${JOB_COLUMNS} from jobs j where ${IN_SCOPE} and job_id = any($4) order by array_position($4::text[], job_id)`,
    [...scopeValues(scope), jobIds],
  )
  return rows.map(toJob)
}

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

export type JobListRequest = JobFilter & {
  /** Newest first (Desc) unless told. */
  readonly order?: 'Desc' | 'Asc' | undefined
  /** 1..100; 10 unless told. */
  readonly size?: number | undefined
  readonly after?: JobCursor | null | undefined
}

const DEFAULT_SIZE = 10

/** One page by (createdAt, seq); `next` is null on the last one. */
export const listJobs = async (
  db: Database,
  { order = 'Desc', size = DEFAULT_SIZE, after = null, ...filter }: JobListRequest,
): Promise<{ jobs: Job[]; next: JobCursor | null }> => {
  const [direction, beyond] = order === 'Desc' ? ['desc', '<'] : ['asc', '>']
  const states = filter.states === undefined || filter.states.length === 0 ? null : filter.states
  const { rows } = await db.pool.query<JobRow>(
    `select ${JOB_COLUMNS} from jobs j
     where ${IN_SCOPE} and ($4::text is null or queue_id = $4) and ($5::text is null or tag = $5)
       and ($6::text[] is null or state = any($6)) and ($7::timestamptz is null or created_at >= $7)
       and ($8::timestamptz is null or created_at <= $8) and ($9::text is null or object = $9)
       and ($10::timestamptz is null or (created_at, seq) ${beyond} ($10, $11::bigint))
     order by created_at ${direction}, seq ${direction} limit $12`,
    [
      ...scopeValues(filter),
      filter.queueId ?? null,
      filter.tag ?? null,
      states,
      filter.startCreationTime ?? null,
      filter.endCreationTime ?? null,
      filter.inputObject ?? null,
      after?.createdAt ?? null,
      after?.seq ?? 0,
      size + 1,
    ],
  )
  const jobs = rows.slice(0, size).map(toJob)
  const last = jobs.at(-1)
  const next = rows.length > size && last !== undefined ? { createdAt: last.createdAt, seq: last.seq } : null
  return { jobs, next }
}

export type AdminJobFilter = {
  readonly state?: JobState | undefined
  readonly ruleType?: RuleType | undefined
  readonly dnaDbId?: string | undefined
  /** Exactly this one. */
  readonly object?: string | undefined
}

/** Newest first, by page number. */
export const adminListJobs = async (
  db: Database,
  filter: PageBounds & AdminJobFilter,
): Promise<Page<Job>> => {
  const { limit, offset } = pageWindow(filter)
  const where = `($1::text is null or j.state = $1) and ($2::text is null or j.rule_type = $2)
    and ($3::text is null or j.dna_db_id = $3) and ($4::text is null or j.object = $4)`
  const wanted = [
    filter.state ?? null,
    filter.ruleType ?? null,
    filter.dnaDbId ?? null,
    filter.object ?? null,
  ]
  const { rows } = await db.pool.query<JobRow>(
    `select ${JOB_COLUMNS} from jobs j where ${where} order by j.created_at desc, j.seq desc limit $5 offset $6`,
    [...wanted, limit, offset],
  )
  const counted = await db.pool.query<{ total: string }>(
    `select count(*) as total from jobs j where ${where}`,
    wanted,
  )
  return pageOf(rows.map(toJob), { filter, total: Number(counted.rows[0]?.total ?? 0) })
}
