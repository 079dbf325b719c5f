import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/** A name that leads out of the folder, or to what does not belong to one video, is passed over. */
const VIDEO_ID = /^dv[0-9a-f]{32}$/

/**
 * Removes the thumbnails of videos that are gone. Nothing happens where there are none, or no folder for them (null).
 *
 * @example await removeThumbnails(thumbnailsDir, [videoId])
 */
export const removeThumbnails = async (
  thumbnailsDir: string | null,
  videoIds: readonly string[],
): Promise<void> => {
  if (thumbnailsDir === null) return
  for (const videoId of videoIds)
    if (VIDEO_ID.test(videoId)) await rm(join(thumbnailsDir, videoId), { recursive: true, force: true })
}
