import { type Page, type PageBounds, pageOf, pageWindow } from '@kinoprint/core'
import type { Database } from './database.ts'
import type { QueueScope, RegionalBucket } from './queues.ts'

export type MediaBucket = RegionalBucket & { readonly createdAt: Date }

export type MediaBucketFilter = QueueScope & {
  readonly names?: readonly string[] | undefined
  /** Beginning of the name. */
  readonly prefix?: string | undefined
}

/** The buckets that have been used, oldest first. Every bucket has a queue from its first use on. */
export async function listMediaBuckets(
  db: Database,
  filter: PageBounds & MediaBucketFilter,
): Promise<Page<MediaBucket>> {
  const { limit, offset } = pageWindow(filter)
  const { buckets = null, regions = null, names = null, prefix = null } = filter
  const { rows } = await db.pool.query<MediaBucket & { readonly total: string }>(
    `select bucket, region, created_at as "createdAt", count(*) over () as total from queues
     where ($1::text[] is null or bucket = any($1)) and ($2::text[] is null or region = any($2))
       and ($3::text[] is null or bucket = any($3)) and ($4::text is null or starts_with(bucket, $4))
     order by created_at, queue_id limit $5 offset $6`,
    [buckets, regions, names, prefix, limit, offset],
  )
  return pageOf(
    rows.map(({ total: _, ...bucket }) => bucket),
    { filter, total: Number(rows[0]?.total ?? 0) },
  )
}
