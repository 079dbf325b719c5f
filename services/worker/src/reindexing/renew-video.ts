import { Fault, type StoreDetail } from '@kinoprint/core'
import { ingestFile, nullIfDamaged, reindexVideo, replaceWith, type WorkContext } from '@kinoprint/engine'
import type { ObjectStore } from '@kinoprint/objects'
import { getLibrary, loadFingerprints, type ReindexingOutcome, type VideoToReindex } from '@kinoprint/store'

export type RenewContext = Omit<WorkContext, 'thumbnailsDir'> & { readonly objects: ObjectStore }

/**
 * Brings a video to the current versions. An outdated fingerprint is made from the object, and outdated index rows from the
 * stored fingerprint. Searches find the old ones until both are replaced in one transaction. Without its object, a video
 * keeps its fingerprint, and only its index rows are made again.
 *
 * @throws Fault that is retryable, if the object or the database cannot be reached.
 */
export async function renewVideo(
  context: RenewContext,
  video: VideoToReindex,
  signal: AbortSignal,
): Promise<ReindexingOutcome> {
  if (!video.isOldFormat) return rebuildRows(context, video, signal)
  try {
    return (await decodeAgain(context, video, signal)) ? 'decoded' : 'gone'
  } catch (error) {
    if (!(error instanceof Fault) || error.retryable || signal.aborted) throw error
    if (video.needsRows) {
      const rebuilt = await rebuildRows(context, video, signal)
      if (rebuilt !== 'rebuilt') return rebuilt
    }
    return { failure: error.message }
  }
}

async function rebuildRows(
  { db, pool }: RenewContext,
  video: VideoToReindex,
  signal: AbortSignal,
): Promise<ReindexingOutcome> {
  const rebuilding = reindexVideo({ db, pool, signal }, video)
  try {
    return (await rebuilding) ? 'rebuilt' : 'gone'
  } catch (error) {
    if (!isDamage(error)) throw error
    return { failure: 'The stored fingerprint is damaged. Store the video again.' }
  }
}

/** An error that the thread reports of a fingerprint that it cannot read. */
function isDamage(error: unknown): boolean {
  return error instanceof Error && (error.stack ?? '').includes('FingerprintFormatError')
}

/** False if the video was replaced or deleted meanwhile. */
async function decodeAgain(
  { objects, db, ...context }: RenewContext,
  video: VideoToReindex,
  signal: AbortSignal,
): Promise<boolean> {
  const { bucket, object, etag } = video
  const file = await objects.fetch(bucket, object, { signal })
  try {
    if (file.etag !== etag) {
      const changed = 'The object has changed since it was stored. Store it again.'
      throw new Fault('InvalidContent', changed)
    }
    const { stored } = await ingestFile(context, file.openPath ?? file.path, {
      storeDetail: await detailOf({ db, ...context }, video, signal),
      asQuery: false,
      thumbnailsDir: null,
      signal,
      onProgress: () => undefined,
    })
    return await replaceWith({ db, signal }, video, stored)
  } finally {
    await file.release()
  }
}

/** The detail with which a video is stored; that of its library if its fingerprint is damaged. */
async function detailOf(
  { db, pool }: Pick<RenewContext, 'db' | 'pool'>,
  { dnaDbId, videoId }: VideoToReindex,
  signal: AbortSignal,
): Promise<StoreDetail> {
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  const rows =
    stored === undefined
      ? null
      : await nullIfDamaged(pool.run('indexRows', { data: stored.data }, { signal }), { signal })
  return rows?.storeDetail ?? (await getLibrary(db, dnaDbId))?.storeDetail ?? 'full'
}
