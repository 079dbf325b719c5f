import type { KeypointHit, TimedKeys } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { libraryNumberOf } from '../libraries.ts'
import { ifLibraryIsGone } from './find-candidates.ts'
import { rowsWithKeys } from './keypoint-rows.ts'
import { addVideosOf, type PublishedVideos } from './published-videos.ts'

export type KeypointSearch = {
  readonly dnaDbId: string
  /** Keys of frames of the query. */
  readonly frames: readonly TimedKeys[]
}

/**
 * Returns the stored frames of published videos that share keypoints with frames of a query.
 *
 * @throws Fault InvalidArgument if there is no such library.
 */
export async function findByKeypoints(
  db: Database,
  { dnaDbId, frames }: KeypointSearch,
): Promise<KeypointHit[]> {
  const libraryNumber = await libraryNumberOf(db.pool, dnaDbId)
  const rows = await rowsWithKeys(db, libraryNumber, frames).catch((error: unknown) => {
    throw ifLibraryIsGone(error, dnaDbId)
  })
  const videos: PublishedVideos = new Map()
  await addVideosOf(db, rows, videos)
  const keysOf = frames.map(({ keys }) => new Map(keys.map((key) => [String(key), key])))
  return rows.flatMap(({ query, fingerprintId, refMs, keys }): KeypointHit[] => {
    const videoId = videos.get(fingerprintId)
    const frame = frames[query - 1]
    const wanted = keysOf[query - 1]
    if (!videoId || !frame || !wanted) return []
    const shared = keys.split(',').flatMap((key) => wanted.get(key) ?? [])
    return [{ videoId, queryMs: frame.timeMs, refMs, keys: shared }]
  })
}
