import type { StoreDetail } from '@kinoprint/core'
import { type Fingerprint, FORMAT_VERSION } from '@kinoprint/dna'
import { type Database, loadFingerprints, type Video } from '@kinoprint/store'
import { detailOf } from '../threads/fingerprint-parts.ts'
import type { SearchQuery, StoredParts } from '../threads/tasks.ts'
import type { ThreadPool } from '../threads/thread-pool.ts'

export type ReadContext = { readonly db: Database; readonly pool: ThreadPool }

export type StoredContent = {
  /** The content that the video must have. */
  readonly etag: string
  /** The detail with which it must be stored. */
  readonly storeDetail: StoreDetail
  readonly signal: AbortSignal
}

/**
 * Returns a search query made from a video's stored fingerprint, so that its file need not be decoded again. Null if
 * the video has other content or detail, or its fingerprint is damaged or of an older format: decode the file instead.
 */
export async function readStoredQuery(
  { db, pool }: ReadContext,
  video: Video | null,
  content: StoredContent,
): Promise<SearchQuery | null> {
  const data = await loadData(db, video, content)
  if (data === null) return null
  const query = await nullIfDamaged(pool.run('storedQuery', { data }, content), content)
  return query !== null && detailOf(query.fingerprint) === content.storeDetail ? query : null
}

/** The stored fingerprint of a video, of any detail. Null if it is damaged or of an older format. */
export async function readStoredFingerprint(
  { db, pool }: ReadContext,
  video: Video,
  { signal }: Pick<StoredContent, 'signal'>,
): Promise<Fingerprint | null> {
  const content = { etag: video.etag, signal }
  const data = await loadData(db, video, content)
  if (data === null) return null
  const query = await nullIfDamaged(pool.run('storedQuery', { data }, content), content)
  return query?.fingerprint ?? null
}

/** The stored data of a video, for a copy of it in another library. Null as for `readStoredQuery`. */
export async function readStoredParts(
  { db, pool }: ReadContext,
  video: Video | null,
  content: StoredContent,
): Promise<StoredParts | null> {
  const data = await loadData(db, video, content)
  if (data === null) return null
  const rows = await nullIfDamaged(pool.run('indexRows', { data }, content), content)
  return rows?.storeDetail === content.storeDetail ? { data, ...rows } : null
}

async function loadData(
  db: Database,
  video: Video | null,
  { etag }: Pick<StoredContent, 'etag'>,
): Promise<Uint8Array | null> {
  if (video === null || video.etag !== etag) return null
  const { dnaDbId, videoId } = video
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  return stored?.format === FORMAT_VERSION ? stored.data : null
}

export async function nullIfDamaged<T>(
  reading: Promise<T>,
  { signal }: Pick<StoredContent, 'signal'>,
): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (signal.aborted) throw error
    return null
  }
}
