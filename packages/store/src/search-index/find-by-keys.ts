import type { KeyHit, TimedKeys } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { libraryNumberOf } from '../libraries.ts'
import { shardsOfLibrary } from '../shards/ask-shards.ts'
import { onShardIfPresent } from '../shards/shards.ts'
import { ifLibraryIsGone } from './find-candidates.ts'
import { type KeyRow, rowsWithKeys } from './key-rows.ts'
import type { KeyKind } from './partitions.ts'
import { addVideosOf, type PublishedVideos } from './published-videos.ts'

export type KeySearch = {
  readonly dnaDbId: string
  /** Whether the keys are of keypoints of pictures, or of landmarks of sound. */
  readonly kind: KeyKind
  /** Keys of moments of the query. */
  readonly moments: readonly TimedKeys[]
}

/**
 * Returns the stored moments of published videos that share keys with moments of a query, some more than once. Those on a
 * shard that is away are absent if `db` tolerates that.
 *
 * @throws Fault InvalidArgument if there is no such library; ShardUnavailable.
 */
export async function findByKeys(db: Database, { dnaDbId, kind, moments }: KeySearch): Promise<KeyHit[]> {
  const libraryNumber = await libraryNumberOf(db.pool, dnaDbId)
  const rows = await rowsOnAllServers(db, { kind, libraryNumber }, moments).catch((error: unknown) => {
    throw ifLibraryIsGone(error, dnaDbId)
  })
  const videos: PublishedVideos = new Map()
  await addVideosOf(db, rows, videos)
  const keysOf = moments.map(({ keys }) => new Set(keys))
  return rows.flatMap(({ query, fingerprintId, refMs, keys }): KeyHit[] => {
    const videoId = videos.get(fingerprintId)
    const moment = moments[query - 1]
    const wanted = keysOf[query - 1]
    if (!videoId || !moment || !wanted) return []
    return [{ videoId, queryMs: moment.timeMs, refMs, keys: listedIn(keys, wanted) }]
  })
}

const [COMMA, MINUS, ZERO] = [44, 45, 48]

/** The integers of a list that a set has. A search reads up to 300,000 lists, so none is split into strings. */
function listedIn(list: string, wanted: ReadonlySet<number>): number[] {
  const found: number[] = []
  let [digits, sign] = [0, 1]
  for (let at = 0; at <= list.length; at++) {
    const code = at < list.length ? list.charCodeAt(at) : COMMA
    if (code === MINUS) sign = -1
    else if (code !== COMMA) digits = 10 * digits + code - ZERO
    else {
      if (wanted.has(sign * digits)) found.push(sign * digits)
      ;[digits, sign] = [0, 1]
    }
  }
  return found
}

/** The rows of the primary and of the shards. While a fingerprint moves, two servers have its rows; they count once. */
async function rowsOnAllServers(
  db: Database,
  index: { readonly kind: KeyKind; readonly libraryNumber: number },
  moments: readonly TimedKeys[],
): Promise<KeyRow[]> {
  const shards = await shardsOfLibrary(db, index.libraryNumber)
  const found = await Promise.all([
    rowsWithKeys(db, index, moments),
    ...shards.map((name) => onShardIfPresent(db, name, (shard) => rowsWithKeys(shard, index, moments))),
  ])
  const rows = found.flatMap((own) => own ?? [])
  if (shards.length === 0) return rows
  const known = new Map(rows.map((row) => [`${row.query} ${row.fingerprintId} ${row.refMs}`, row]))
  return [...known.values()]
}
