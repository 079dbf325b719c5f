import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Other names are skipped, because they could lead out of the folder, or to files that do not belong to one video. */
const OWNER_ID = /^(?:dv|j)[0-9a-f]{32}$/

/**
 * Removes the thumbnails of deleted videos, or of the queries of jobs, if there are any. Does nothing if the folder for thumbnails is null.
 *
 * @example await removeThumbnails(thumbnailsDir, [videoId])
 */
export async function removeThumbnails(thumbnailsDir: string | null, ids: readonly string[]): Promise<void> {
  if (thumbnailsDir === null) return
  for (const id of ids)
    if (OWNER_ID.test(id)) await rm(join(thumbnailsDir, id), { recursive: true, force: true })
}
