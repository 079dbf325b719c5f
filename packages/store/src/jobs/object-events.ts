import type { Database } from '../database.ts'
import { transaction } from '../transaction.ts'
import { enqueueJobIn, type NewJob } from './enqueue-jobs.ts'
import type { Job } from './job.ts'

export type NewEventJob = {
  readonly job: NewJob
  /** What tells this version of the object from others: the sequencer of the event, or the ETag. */
  readonly version: string
}

/**
 * Writes the job of an event of an object store. Null if the same event has made a job before, also if both arrive at
 * once.
 *
 * @throws as `enqueueJob`; then the event may be sent again.
 */
export function enqueueEventJob(db: Database, { job, version }: NewEventJob): Promise<Job | null> {
  return transaction(db, async (client) => {
    const { dnaDbId, ruleType, bucket, object } = job
    const key = [dnaDbId, ruleType, bucket, object, version]
    const { rowCount } = await client.query(
      `insert into object_events (dna_db_id, rule_type, bucket, object, version, job_id) values ($1, $2, $3, $4, $5, '')
       on conflict do nothing`,
      key,
    )
    if (rowCount === 0) return null
    const written = await enqueueJobIn(client, job)
    const same = `where dna_db_id = $1 and rule_type = $2 and bucket = $3 and object = $4 and version = $5`
    await client.query(`update object_events set job_id = $6 ${same}`, [...key, written.jobId])
    return written
  })
}

/** Forgets events that were received more than `olderThanDays` ago. Returns their number. */
export async function purgeObjectEvents(
  db: Database,
  { olderThanDays }: { readonly olderThanDays: number },
): Promise<number> {
  const { rowCount } = await db.pool.query(
    `delete from object_events where received_at < clock_timestamp() - $1 * interval '1 day'`,
    [olderThanDays],
  )
  return rowCount ?? 0
}
