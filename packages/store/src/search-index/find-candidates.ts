import { batchesOf, errorCode, Fault } from '@kinoprint/core'
import type { CandidateHit, TimedHash } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { libraryNumberOf, unknownLibrary } from '../libraries.ts'
import { shardsOfLibrary } from '../shards/ask-shards.ts'
import {
  bucketRange,
  estimateRows,
  hashesPerStatement,
  keyBitsFor,
  type NeighbourQuery,
  nearestNeighbours,
} from './nearest-neighbours.ts'
import { indexKinds } from './partitions.ts'
import { addVideosOf, type PublishedVideos } from './published-videos.ts'

export type CandidateSearch = {
  readonly dnaDbId: string
  /** Query hashes of the frames and of the audio. */
  readonly video: readonly TimedHash[]
  readonly audio: readonly TimedHash[]
  /** Number of nearest rows to return for each query hash, 1..100. */
  readonly perHash: number
  /** Compares row by row if the library has fewer rows of a kind. Default: 10,000. */
  readonly minIndexedRows?: number
  /** Mean number of rows that a bucket is to have. Default: 16. */
  readonly rowsPerBucket?: number
  /**
   * Whether to probe the buckets after the usual ones, for a library so large that the usual ones may miss a copy.
   * Default: false.
   */
  readonly further?: boolean
  readonly signal?: AbortSignal | undefined
}

/** Number of rows to fetch per requested row, because the index also contains unpublished fingerprints. */
const SPARE = 1.25
/** Factor by which the number of fetched rows grows for a query hash whose nearest rows are mostly unpublished. */
const RETRY_FACTOR = 8

/**
 * Returns the stored hashes of published videos that are nearest to each query hash. Those on a shard that is away are
 * absent if `db` tolerates that.
 *
 * @throws Fault InvalidArgument if there is no such library; ShardUnavailable.
 */
export async function findCandidates(db: Database, search: CandidateSearch): Promise<CandidateHit[]> {
  const { dnaDbId, perHash, minIndexedRows, rowsPerBucket, further = false, signal } = search
  if (perHash < 1) throw new Fault('InvalidArgument', 'perHash must be at least 1.')
  const libraryNumber = await libraryNumberOf(db.pool, dnaDbId)
  const videos: PublishedVideos = new Map()
  const hits: CandidateHit[] = []
  try {
    const sharded = await shardsOfLibrary(db, libraryNumber)
    for (const kind of indexKinds) {
      const estimate = await estimateRows(db, { kind, libraryNumber, shards: sharded })
      const { rows, shards, hasLongKeys } = estimate
      const keyBits = keyBitsFor(rows, { minIndexedRows, rowsPerBucket, hasLongKeys })
      const buckets = bucketRange(keyBits ?? 0, { further })
      if (rows === 0 || buckets.to <= buckets.from) continue
      const step = hashesPerStatement(db, { rows, keyBits })
      for (const hashes of batchesOf(search[kind], step)) {
        signal?.throwIfAborted()
        const query = { kind, libraryNumber, keyBits, buckets, hashes, shards }
        hits.push(...(await findHits(db, query, { perHash, videos })))
      }
    }
  } catch (error) {
    throw ifLibraryIsGone(error, dnaDbId)
  }
  return hits
}

/** The fault of a search whose library was deleted in the meantime, or the error itself. */
export function ifLibraryIsGone(error: unknown, dnaDbId: string): unknown {
  // undefined_table
  return errorCode(error) === '42P01' ? unknownLibrary(dnaDbId) : error
}

type Wanted = { readonly perHash: number; readonly videos: PublishedVideos }

async function findHits(
  db: Database,
  query: NeighbourQuery,
  { perHash, videos }: Wanted,
): Promise<CandidateHit[]> {
  const limit = Math.ceil(perHash * SPARE)
  const found = await nearestNeighbours(db, query, limit)
  await addVideosOf(db, found.flat(), videos)
  const starved = query.hashes.filter((_, i) => {
    const rows = found[i] ?? []
    return (
      rows.length === limit && rows.filter(({ fingerprintId }) => videos.get(fingerprintId)).length < perHash
    )
  })
  const more =
    starved.length === 0
      ? []
      : await nearestNeighbours(db, { ...query, hashes: starved }, limit * RETRY_FACTOR)
  await addVideosOf(db, more.flat(), videos)
  return query.hashes.flatMap((hash, i) => {
    const retried = starved.indexOf(hash)
    const hits: CandidateHit[] = []
    for (const { fingerprintId, refMs, distance } of (retried < 0 ? found[i] : more[retried]) ?? []) {
      const videoId = videos.get(fingerprintId)
      if (!videoId) continue
      if (hits.length === perHash) break
      const { timeMs: queryMs, audioVariant } = hash
      hits.push({ videoId, kind: query.kind, queryMs, refMs, distance, audioVariant })
    }
    return hits
  })
}
