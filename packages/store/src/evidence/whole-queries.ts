import type { Database } from '../database.ts'

/** From now on searches with this content decode the whole file, not only the ranges that keyframes leave open. */
export async function requestWholeQuery(db: Database, etag: string): Promise<void> {
  await db.pool.query(
    `insert into whole_queries (etag) values ($1)
     on conflict (etag) do update set requested_at = clock_timestamp()`,
    [etag],
  )
}

/** Whether a search with this content decodes the whole file. */
export async function isWholeQuery(db: Database, etag: string): Promise<boolean> {
  const { rows } = await db.pool.query('select 1 from whole_queries where etag = $1', [etag])
  return rows.length > 0
}

/** Forgets requests that are more than some days old. */
export async function forgetWholeQueries(
  db: Database,
  { olderThanDays }: { readonly olderThanDays: number },
): Promise<void> {
  await db.pool.query(
    `delete from whole_queries where requested_at < clock_timestamp() - $1 * interval '1 day'`,
    [olderThanDays],
  )
}
