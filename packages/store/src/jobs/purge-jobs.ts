import type { Database } from '../database.ts'

const BATCH = 200

/**
 * Deletes jobs that ended more than `olderThanDays` ago, with their deliveries, in small batches. Returns the number of
 * deleted jobs.
 */
export async function purgeEndedJobs(
  db: Database,
  { olderThanDays }: { readonly olderThanDays: number },
): Promise<number> {
  let purged = 0
  for (;;) {
    const { rowCount } = await db.pool.query(
      `delete from jobs where job_id in (
         select job_id from jobs where ended_at < clock_timestamp() - $1 * interval '1 day' order by ended_at limit $2)`,
      [olderThanDays, BATCH],
    )
    purged += rowCount ?? 0
    if ((rowCount ?? 0) < BATCH) return purged
  }
}
