import type { Database } from './database.ts'

/** Which kinds of work a worker could claim now, besides jobs. */
export type WaitingWork = {
  readonly comparisons: boolean
  readonly hashRequests: boolean
  readonly ignoredLookups: boolean
  readonly reindexing: boolean
}

/** Looks for all kinds of work in one statement, which locks no row. */
export async function findWaitingWork(db: Database): Promise<WaitingWork> {
  const { rows } = await db.pool.query<WaitingWork>(
    `select
       exists(select from comparisons where state in ('Waiting', 'Running')
         and (lease_until is null or lease_until <= clock_timestamp())) as comparisons,
       exists(select from hash_requests where is_there and ended_at is null
         and (lease_until is null or lease_until <= clock_timestamp())) as "hashRequests",
       exists(select from ignored_passages where state = 'Searching'
         and (lease_until is null or lease_until <= clock_timestamp())) as "ignoredLookups",
       exists(select from reindexings where state = 'Running' and next_at <= clock_timestamp()) as reindexing`,
  )
  return rows[0] ?? { comparisons: true, hashRequests: true, ignoredLookups: true, reindexing: true }
}
