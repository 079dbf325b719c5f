import { getLibrary, listVideos } from '@kinoprint/store'
import type { WorkContext } from '../context.ts'

/** A library of at most as many videos as a search aligns ... */
const MAX_VIDEOS = 100
/** ... and this many seconds is compared as a whole, which takes up to two seconds of CPU. */
const MAX_SECONDS = 3600

/**
 * All videos of a small library, none of a larger one. The index does not name a copy without a frame that resembles a
 * stored one, such as a moving window, but its keypoints or landmarks may still match: on 401 pairs of re-uploads among 46
 * videos, the comparison of all found eleven more.
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
