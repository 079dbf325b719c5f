import type { Database } from '../database.ts'
import { type EnqueueOptions, enqueueJobIn, type NewJob } from '../jobs/enqueue-jobs.ts'
import type { Job } from '../jobs/job.ts'
import { transaction } from '../transaction.ts'
import { INVENTORY_COLUMNS, type InventoryJob } from './inventory-jobs.ts'

/** An inventory job that a worker continues. */
export type ClaimedInventoryJob = InventoryJob & {
  /** The last object that was submitted, or how far the list or the inventory is read. */
  readonly position: string
  readonly isListed: boolean
}

/** Seconds after which a worker that claimed an inventory job counts as dead. */
const CLAIM_SECONDS = 300

/** Claims the inventory job that has waited longest; null if none is due. */
export async function claimInventoryJob(db: Database): Promise<ClaimedInventoryJob | null> {
  const { rows } = await db.pool.query<ClaimedInventoryJob>(
    `update inventory_jobs i set state = 'Running', started_at = coalesce(i.started_at, clock_timestamp()),
       next_at = clock_timestamp() + $1 * interval '1 second'
     where i.inventory_job_id = (
       select inventory_job_id from inventory_jobs
       where state in ('Submitted', 'Running') and next_at <= clock_timestamp()
       order by next_at limit 1 for update skip locked)
     returning ${INVENTORY_COLUMNS}, i.position, i.is_listed as "isListed"`,
    [CLAIM_SECONDS],
  )
  return rows[0] ?? null
}

export type InventoryBatch = {
  readonly jobs: readonly NewJob[]
  /** Where the next batch starts. */
  readonly position: string
  /** Whether this is the last batch. */
  readonly isListed: boolean
}

/**
 * Submits the next batch of an inventory job and records how far it is, both or neither. Returns the new jobs; null if
 * it was cancelled or another worker has continued it. Throws as `enqueueJob`.
 */
export function submitInventoryBatch(
  db: Database,
  { inventoryJobId, position }: Pick<ClaimedInventoryJob, 'inventoryJobId' | 'position'>,
  { batch, ...options }: EnqueueOptions & { readonly batch: InventoryBatch },
): Promise<readonly Job[] | null> {
  return transaction(db, async (client) => {
    const { rowCount } = await client.query(
      `update inventory_jobs set position = $3, is_listed = $4, submitted = submitted + $5, next_at = clock_timestamp()
       where inventory_job_id = $1 and position = $2 and state = 'Running'`,
      [inventoryJobId, position, batch.position, batch.isListed, batch.jobs.length],
    )
    if (rowCount !== 1) return null
    const jobs: Job[] = []
    for (const job of batch.jobs) jobs.push(await enqueueJobIn(client, job, options))
    await client.query('update jobs set inventory_job_id = $1 where job_id = any($2)', [
      inventoryJobId,
      jobs.map(({ jobId }) => jobId),
    ])
    return jobs
  })
}

/** Continues an inventory job later. */
export async function postponeInventoryJob(
  db: Database,
  inventoryJobId: string,
  { seconds }: { readonly seconds: number },
): Promise<void> {
  await db.pool.query(
    `update inventory_jobs set next_at = clock_timestamp() + $2 * interval '1 second' where inventory_job_id = $1`,
    [inventoryJobId, seconds],
  )
}

/** Ends an inventory job whose objects have all been submitted, if none of its jobs waits or runs. */
export async function finishInventoryJob(db: Database, inventoryJobId: string): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `update inventory_jobs set state = 'Success', ended_at = clock_timestamp()
     where inventory_job_id = $1 and state = 'Running' and is_listed and not exists (
       select from jobs where jobs.inventory_job_id = $1 and state in ('Submitted', 'Pause', 'Running'))`,
    [inventoryJobId],
  )
  return rowCount === 1
}

/** Ends an inventory job that cannot continue. Jobs that it has submitted continue. */
export async function failInventoryJob(
  db: Database,
  inventoryJobId: string,
  { code, message }: { readonly code: string; readonly message: string },
): Promise<void> {
  await db.pool.query(
    `update inventory_jobs set state = 'Failed', code = $2, message = $3, ended_at = clock_timestamp()
     where inventory_job_id = $1 and state = 'Running'`,
    [inventoryJobId, code, message],
  )
}
