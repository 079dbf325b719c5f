import { type Log, pagesOf } from '@kinoprint/core'
import {
  type Database,
  discardFingerprint,
  listLibraries,
  listVideos,
  loadFingerprints,
  replaceFingerprint,
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
 * Builds the candidate index of every video anew from its stored fingerprint, one video after the other: each is
 * found by its old rows until its new ones stand. Videos that change or go meanwhile are left to whoever does that.
 */
export const reindexAll = async (options: ReindexOptions): Promise<{ videos: number }> => {
  const { db, log, signal } = options
  let videos = 0
  for await (const library of pagesOf((page) => listLibraries(db, { page, pageSize: PAGE_SIZE }))) {
    const { dnaDbId } = library
    for await (const video of pagesOf((page) => listVideos(db, { dnaDbId, page, pageSize: PAGE_SIZE }))) {
      signal.throwIfAborted()
      if (await reindexVideo(options, video)) videos++
    }
    log.info({ dnaDbId, videos }, 'The index of a library was built anew')
  }
  return { videos }
}

/** False where the video was gone or another one by the time that its new rows stood. */
export const reindexVideo = async ({ db, pool, signal }: ReindexOptions, video: Video): Promise<boolean> => {
  const { dnaDbId, videoId, etag } = video
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  if (stored === undefined) return false
  const { data, format } = stored
  const rows = await pool.run<'index'>({ kind: 'index', data }, { signal })
  const fingerprintId = await stageFingerprint(db, {
    dnaDbId,
    format,
    data,
    video: rows.keyframes,
    audio: rows.audioWindows,
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
