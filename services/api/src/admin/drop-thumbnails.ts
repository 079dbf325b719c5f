import { removeThumbnails } from '@kinoprint/objects'
import type { ApiContext } from '../context.ts'

/**
 * Removes the thumbnails of videos that have just been deleted. A failure is only logged: the videos are gone, and
 * workers sweep up what is left.
 */
export const dropThumbnails = async (
  { thumbnailsDir, log }: Pick<ApiContext, 'thumbnailsDir' | 'log'>,
  videoIds: readonly string[],
): Promise<void> => {
  try {
    await removeThumbnails(thumbnailsDir, videoIds)
  } catch (err) {
    log.warn({ err }, 'The thumbnails of deleted videos could not be removed; workers remove them later')
  }
}
