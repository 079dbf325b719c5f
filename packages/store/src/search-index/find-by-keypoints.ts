import type { KeypointHit, TimedKeys } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { libraryNumberOf } from '../libraries.ts'
import { shardsOfLibrary } from '../shards/ask-shards.ts'
import { onShardIfPresent } from '../shards/shards.ts'
import { ifLibraryIsGone } from './find-candidates.ts'
import { type KeypointRow, rowsWithKeys } from './keypoint-rows.ts'
import { addVideosOf, type PublishedVideos } from './published-videos.ts'

export type KeypointSearch = {
  readonly dnaDbId: string
  /** Keys of frames of the query. */
  readonly frames: readonly TimedKeys[]
}

/**
 * Returns the stored frames of published videos that share keypoints with frames of a query. Those on a shard that is away
 * are absent if `db` tolerates that.
 *
 * @throws Fault InvalidArgument if there is no such library; ShardUnavailable.
 */
export async function findByKeypoints(
  db: Database,
  { dnaDbId, frames }: KeypointSearch,
): Promise<KeypointHit[]> {
  const libraryNumber = await libraryNumberOf(db.pool, dnaDbId)
  const rows = await rowsOnAllServers(db, libraryNumber, frames).catch((error: unknown) => {
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

/** The rows of the primary and of the shards. While a fingerprint moves, two servers have its rows; they count once. */
async function rowsOnAllServers(
  db: Database,
  libraryNumber: number,
  frames: readonly TimedKeys[],
): Promise<KeypointRow[]> {
  const shards = await shardsOfLibrary(db, libraryNumber)
  const found = await Promise.all([
    rowsWithKeys(db, libraryNumber, frames),
    ...shards.map((name) =>
      onShardIfPresent(db, name, (shard) => rowsWithKeys(shard, libraryNumber, frames)),
    ),
  ])
  const rows = found.flatMap((own) => own ?? [])
  if (shards.length === 0) return rows
  const known = new Map(rows.map((row) => [`${row.query} ${row.fingerprintId} ${row.refMs}`, row]))
  return [...known.values()]
}
