import { randomBytes } from 'node:crypto'
import type { InventoryTask } from '@kinoprint/core'
import type { Database } from '../database.ts'
import type { JobCursor, JobOrder } from '../jobs/job-scan.ts'
import type { Scope } from '../scope.ts'

type InventoryState = 'Submitted' | 'Running' | 'Success' | 'Failed' | 'Cancel'

export type InventoryJob = {
  readonly inventoryJobId: string
  readonly seq: number
  readonly bucket: string
  readonly region: string
  readonly secretId: string
  readonly request: InventoryTask
  readonly state: InventoryState
  readonly code: string | null
  readonly message: string | null
  readonly submitted: number
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
}

/** An inventory job with the numbers of its jobs that have ended. */
export type CountedInventoryJob = InventoryJob & { readonly succeeded: number; readonly failed: number }

export const INVENTORY_COLUMNS = `i.inventory_job_id as "inventoryJobId", i.seq::float8 as seq, i.bucket, i.region,
  i.secret_id as "secretId", i.request, i.state, i.code, i.message, i.submitted, i.created_at as "createdAt",
  i.started_at as "startedAt", i.ended_at as "endedAt"`

const COUNTED = `select ${INVENTORY_COLUMNS}, c.succeeded, c.failed from inventory_jobs i cross join lateral (
    select count(*) filter (where j.state = 'Success')::int as succeeded,
      count(*) filter (where j.state = 'Failed')::int as failed
    from jobs j where j.inventory_job_id = i.inventory_job_id) c`

/** Conditions of a scope, whose values are $1 to $3. */
const IN_SCOPE = `($1::text[] is null or i.bucket = any($1)) and ($2::text[] is null or i.region = any($2))
  and ($3::text[] is null or i.request ->> 'dnaDbId' = any($3))`

function scopeValues({ buckets = null, regions = null, libraries = null }: Scope): unknown[] {
  return [buckets, regions, libraries]
}

export async function createInventoryJob(
  db: Database,
  job: Pick<InventoryJob, 'bucket' | 'region' | 'secretId' | 'request'>,
): Promise<CountedInventoryJob> {
  const { rows } = await db.pool.query<InventoryJob>(
    `insert into inventory_jobs as i (inventory_job_id, bucket, region, secret_id, request) values ($1, $2, $3, $4, $5)
     returning ${INVENTORY_COLUMNS}`,
    [
      `b${randomBytes(16).toString('hex')}`,
      job.bucket,
      job.region,
      job.secretId,
      JSON.stringify(job.request),
    ],
  )
  const [created] = rows
  if (created === undefined) throw new Error('The database returned no inventory job.')
  return { ...created, succeeded: 0, failed: 0 }
}

/** Returns the inventory job, or null if none in scope has this id. */
export async function getInventoryJob(
  db: Database,
  inventoryJobId: string,
  scope: Scope,
): Promise<CountedInventoryJob | null> {
  const { rows } = await db.pool.query<CountedInventoryJob>(
    `${COUNTED} where ${IN_SCOPE} and i.inventory_job_id = $4`,
    [...scopeValues(scope), inventoryJobId],
  )
  return rows[0] ?? null
}

export type InventoryFilter = Scope & {
  readonly inventoryJobId?: string | undefined
  readonly name?: string | undefined
  readonly states?: readonly string[] | undefined
  readonly startCreationTime?: Date | undefined
  readonly endCreationTime?: Date | undefined
  readonly order: JobOrder
  readonly size: number
  readonly after?: JobCursor | undefined
}

/** Returns one page by (createdAt, seq). `next` is null on the last page. */
export async function listInventoryJobs(
  db: Database,
  filter: InventoryFilter,
): Promise<{ readonly jobs: readonly CountedInventoryJob[]; readonly next: JobCursor | null }> {
  const { order, size, after, states = [] } = filter
  const [direction, beyond] = order === 'Desc' ? ['desc', '<'] : ['asc', '>']
  const { rows } = await db.pool.query<CountedInventoryJob>(
    `${COUNTED} where ${IN_SCOPE} and ($4::text is null or i.inventory_job_id = $4)
       and ($5::text is null or i.request ->> 'name' = $5) and ($6::text[] is null or i.state = any($6))
       and ($7::timestamptz is null or i.created_at >= $7) and ($8::timestamptz is null or i.created_at <= $8)
       and ($9::timestamptz is null or (i.created_at, i.seq) ${beyond} ($9, $10::bigint))
     order by i.created_at ${direction}, i.seq ${direction} limit $11`,
    [
      ...scopeValues(filter),
      filter.inventoryJobId ?? null,
      filter.name ?? null,
      states.length === 0 ? null : states,
      filter.startCreationTime ?? null,
      filter.endCreationTime ?? null,
      after?.createdAt ?? null,
      after?.seq ?? null,
      size + 1,
    ],
  )
  const jobs = rows.slice(0, size)
  const last = jobs.at(-1)
  const hasNext = rows.length > size && last !== undefined
  return { jobs, next: hasNext ? { createdAt: last.createdAt, seq: last.seq } : null }
}

/**
 * Cancels an inventory job that has not ended, and its waiting jobs. Jobs that run continue. Returns false if it has
 * ended or does not exist.
 */
export async function cancelInventoryJob(db: Database, inventoryJobId: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `with ended as (
       update inventory_jobs set state = 'Cancel', ended_at = clock_timestamp()
       where inventory_job_id = $1 and state in ('Submitted', 'Running') returning inventory_job_id)
     select from ended`,
    [inventoryJobId],
  )
  if (rowCount !== 1) return false
  await db.pool.query(
    `update jobs set state = 'Cancel', ended_at = clock_timestamp(), stage = '', lease_until = null, worker_id = null
     where inventory_job_id = $1 and state in ('Submitted', 'Pause')`,
    [inventoryJobId],
  )
  return true
}
