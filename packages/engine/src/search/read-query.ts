import { findVideo, loadFingerprints, readQueryFingerprint, searchedContentOf } from '@kinoprint/store'
import type { SearchQuery, VideoFacts } from '../threads/tasks.ts'
import { nullIfDamaged, type ReadContext } from './stored-fingerprint.ts'

/** A query that is made from a stored fingerprint. */
export type ReadQuery = {
  readonly query: SearchQuery
  readonly facts: Pick<VideoFacts, 'durationSeconds' | 'width' | 'height' | 'hasAudio' | 'fps'>
  readonly etag: string
}

/**
 * Reads what a VideoId stands for: a stored video of any library, or the query of an earlier search. Null if neither is
 * kept, or its fingerprint is damaged.
 */
export async function readQuery(
  { db, pool }: ReadContext,
  { videoId, signal }: { readonly videoId: string; readonly signal: AbortSignal },
): Promise<ReadQuery | null> {
  const kept = (await readVideo(db, videoId)) ?? (await readEarlierQuery(db, videoId))
  if (kept === null) return null
  const { data, etag, ...facts } = kept
  const query = await nullIfDamaged(pool.run('storedQuery', { data }, { signal }), { signal })
  return query && { query, facts, etag }
}

type Kept = ReadQuery['facts'] & { readonly etag: string; readonly data: Uint8Array }

async function readVideo(db: ReadContext['db'], videoId: string): Promise<Kept | null> {
  const video = await findVideo(db, videoId)
  if (video === null) return null
  const { dnaDbId, etag, durationSeconds, width, height, hasAudio, fps } = video
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  return stored ? { etag, durationSeconds, width, height, hasAudio, fps, data: stored.data } : null
}

async function readEarlierQuery(db: ReadContext['db'], videoId: string): Promise<Kept | null> {
  const etag = await searchedContentOf(db, videoId)
  if (etag === null) return null
  const kept = await readQueryFingerprint(db, etag)
  if (kept === null) return null
  const { durationSeconds, width, height, hasAudio, data } = kept
  return { etag, durationSeconds, width, height, hasAudio, fps: null, data }
}
