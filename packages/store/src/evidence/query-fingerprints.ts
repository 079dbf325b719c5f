import { jobIdOfVideo, type StoreDetail } from '@kinoprint/core'
import { FORMAT_VERSION } from '@kinoprint/dna'
import type { Database } from '../database.ts'

/** The fingerprint of a query, as videos are stored, and the facts about its file. */
export type QueryFingerprint = {
  readonly etag: string
  readonly storeDetail: StoreDetail
  readonly data: Uint8Array
  /** Decimal seconds. */
  readonly durationSeconds: number
  readonly width: number
  readonly height: number
  readonly hasAudio: boolean
}

/** Keeps the fingerprint of a query by its content. One of keyframes does not replace one of the whole file. */
export async function keepQueryFingerprint(db: Database, query: QueryFingerprint): Promise<void> {
  await db.pool.query(
    `insert into query_fingerprints as q
       (etag, format, store_detail, data, duration_seconds, width, height, has_audio)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (etag) do update set searched_at = clock_timestamp(),
       (format, store_detail, data, duration_seconds) = (
         select case when keeps then q.format else excluded.format end,
           case when keeps then q.store_detail else excluded.store_detail end,
           case when keeps then q.data else excluded.data end,
           case when keeps then q.duration_seconds else excluded.duration_seconds end
         from (select q.store_detail = 'full' and excluded.store_detail = 'keyframes'
           and q.format = excluded.format as keeps) decided)`,
    [
      query.etag,
      FORMAT_VERSION,
      query.storeDetail,
      Buffer.from(query.data),
      query.durationSeconds,
      query.width,
      query.height,
      query.hasAudio,
    ],
  )
}

/** The fingerprint that was kept of a query; null if there is none, or only one of an older format. */
export async function readQueryFingerprint(db: Database, etag: string): Promise<QueryFingerprint | null> {
  const { rows } = await db.pool.query<QueryFingerprint>(
    `select etag, store_detail as "storeDetail", data, duration_seconds as "durationSeconds", width, height,
       has_audio as "hasAudio"
     from query_fingerprints where etag = $1 and format = $2`,
    [etag, FORMAT_VERSION],
  )
  return rows[0] ?? null
}

/** The ETag of the content with which a search compared, by the VideoId in its result; null if there is no such job. */
export async function searchedContentOf(db: Database, videoId: string): Promise<string | null> {
  const { rows } = await db.pool.query<{ etag: string | null }>(
    'select query_etag as etag from jobs where job_id = $1',
    [jobIdOfVideo(videoId)],
  )
  return rows[0]?.etag ?? null
}

/** Rows deleted per statement: half an hour of query takes about 0.4 MB. */
const BATCH_SIZE = 100

/** Deletes fingerprints of queries that were last searched more than some days ago. Returns how many. */
export async function purgeQueryFingerprints(
  db: Database,
  { olderThanDays }: { readonly olderThanDays: number },
): Promise<number> {
  let purged = 0
  for (;;) {
    const { rowCount } = await db.pool.query(
      `delete from query_fingerprints where etag in (
         select etag from query_fingerprints where searched_at < clock_timestamp() - $1 * interval '1 day'
         order by searched_at limit ${BATCH_SIZE})`,
      [olderThanDays],
    )
    purged += rowCount ?? 0
    if ((rowCount ?? 0) < BATCH_SIZE) return purged
  }
}
