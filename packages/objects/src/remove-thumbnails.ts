import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Other names are skipped, because they could lead out of the folder, or to files that do not belong to one video. */
const VIDEO_ID = /^dv[0-9a-f]{32}$/

/**
 * Removes the thumbnails of deleted videos, if there are any. Does nothing if the folder for thumbnails is null.
 *
 * @example await removeThumbnails(thumbnailsDir, [videoId])
 */
export async function removeThumbnails(
  thumbnailsDir: string | null,
  videoIds: readonly string[],
): Promise<void> {
  if (thumbnailsDir === null) return
  for (const videoId of videoIds)
    if (VIDEO_ID.test(videoId)) await rm(join(thumbnailsDir, videoId), { recursive: true, force: true })
}
