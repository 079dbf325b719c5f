import type { Database } from '../database.ts'

/** VideoIds by fingerprint id; null for a fingerprint that is not published. */
export type PublishedVideos = Map<string, string | null>

/**
 * Looks up the videos of these rows' fingerprints, each fingerprint once. In a join with the rows of each query hash,
 * the planner would read all videos every time.
 */
export async function addVideosOf(
  db: Database,
  rows: readonly { readonly fingerprintId: string }[],
  videos: PublishedVideos,
): Promise<void> {
  const ids = new Set(rows.map(({ fingerprintId }) => fingerprintId).filter((id) => !videos.has(id)))
  if (ids.size === 0) return
  for (const id of ids) videos.set(id, null)
  const { rows: published } = await db.pool.query<{ fingerprintId: string; videoId: string }>(
    'select fingerprint_id as "fingerprintId", video_id as "videoId" from videos where fingerprint_id = any($1)',
    [[...ids]],
  )
  for (const { fingerprintId, videoId } of published) videos.set(fingerprintId, videoId)
}
