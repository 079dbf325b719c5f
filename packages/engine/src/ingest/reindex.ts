import { type Log, pagesOf } from '@kinoprint/core'
import { formatVersionOf } from '@kinoprint/dna'
import {
  type Database,
  discardFingerprint,
  listLibraries,
  listVideos,
  loadFingerprints,
  replaceFingerprint,
  type StagedFingerprint,
  stageFingerprint,
  type Video,
} from '@kinoprint/store'
import type { ThreadPool } from '../threads/thread-pool.ts'

export type ReindexOptions = {
  readonly db: Database
  readonly pool: ThreadPool
  readonly log: Log
  readonly signal: AbortSignal
}

const PAGE_SIZE = 100

/**
 * Rebuilds the candidate index of every video from its stored fingerprint, one video at a time. Searches use the old
 * rows until the new ones replace them. Videos that are replaced or deleted in the meantime are skipped. Returns the
 * number of rebuilt videos. Throws for a damaged fingerprint.
 */
export async function reindexAll(options: ReindexOptions): Promise<{ videos: number }> {
  const { db, log, signal } = options
  let videos = 0
  for await (const library of pagesOf((page) => listLibraries(db, { page, pageSize: PAGE_SIZE }))) {
    const { dnaDbId } = library
    for await (const video of pagesOf((page) => listVideos(db, { dnaDbId, page, pageSize: PAGE_SIZE }))) {
      signal.throwIfAborted()
      if (await reindexVideo(options, video)) videos++
    }
    log.info({ dnaDbId, videos }, 'Rebuilt the index of a library')
  }
  return { videos }
}

/** False if the video was replaced or deleted before its new rows were complete. */
export async function reindexVideo(
  { db, pool, signal }: Omit<ReindexOptions, 'log'>,
  { dnaDbId, videoId, etag }: StoredContentOf,
): Promise<boolean> {
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  if (stored === undefined) return false
  const { data, format } = stored
  const rows = await pool.run('indexRows', { data }, { signal })
  return replaceWith({ db, signal }, { dnaDbId, videoId, etag }, { format, data, ...rows })
}

/** Names a video and the content that it must have. */
type StoredContentOf = Pick<Video, 'dnaDbId' | 'videoId' | 'etag'>

/** Stages a fingerprint of the same content and replaces the video's with it. False as for `reindexVideo`. */
export async function replaceWith(
  { db, signal }: Pick<ReindexOptions, 'db' | 'signal'>,
  { dnaDbId, videoId, etag }: StoredContentOf,
  made: Pick<StagedFingerprint, 'data' | 'video' | 'audio' | 'keypoints' | 'landmarks'> &
    Partial<Pick<StagedFingerprint, 'format'>>,
): Promise<boolean> {
  const fingerprintId = await stageFingerprint(db, {
    format: formatVersionOf(made.data),
    ...made,
    dnaDbId,
    signal,
  })
  try {
    const replaced = await replaceFingerprint(db, { dnaDbId, videoId, etag, fingerprintId })
    if (!replaced) await discardFingerprint(db, fingerprintId)
    return replaced
  } catch (error) {
    await discardFingerprint(db, fingerprintId).catch(() => undefined)
    throw error
  }
}
