import { getLibrary, listVideos } from '@kinoprint/store'
import type { WorkContext } from '../context.ts'

/** A library of at most this many videos ... */
const MAX_VIDEOS = 50
/** ... and this many seconds takes about a second to compare as a whole. */
const MAX_SECONDS = 3600

/**
 * All videos of a small library, none of a larger one. The index does not name copies of which no frame resembles a stored
 * one, such as a moving window, but their keypoints or landmarks may still match: on 401 re-uploads among 37 videos, the
 * comparison of all found ten more.
 */
export async function videosOfSmallLibrary(
  db: WorkContext['db'],
  dnaDbId: string,
): Promise<{ readonly videoId: string }[]> {
  const library = await getLibrary(db, dnaDbId)
  if (!library || library.videoCount > MAX_VIDEOS || library.totalSeconds > MAX_SECONDS) return []
  const { items } = await listVideos(db, { dnaDbId, pageSize: MAX_VIDEOS, order: 'oldest' })
  return items.map(({ videoId }) => ({ videoId }))
}
