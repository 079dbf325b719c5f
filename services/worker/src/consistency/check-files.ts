import { pagesOf } from '@kinoprint/core'
import { removeThumbnails } from '@kinoprint/objects'
import { listLibraries, listVideos } from '@kinoprint/store'
import { findStrayThumbnails } from '../reconciler/stray-thumbnails.ts'
import { addFault, type CheckOptions, count, type Findings } from './findings.ts'

const PAGE_SIZE = 100

/** Thumbnails whose video is gone. */
export async function checkThumbnails(
  { db, thumbnailsDir }: CheckOptions,
  findings: Findings,
): Promise<void> {
  const stray = await findStrayThumbnails({ db, thumbnailsDir })
  if (stray.length === 0) return
  const message = `The thumbnails of ${count(stray.length, 'deleted video', 'deleted videos')} still exist.`
  await addFault(findings, message, async () => {
    await removeThumbnails(thumbnailsDir, stray)
    return `Removed the thumbnails of ${count(stray.length, 'deleted video', 'deleted videos')}.`
  })
}

/**
 * Notes videos whose objects are gone. Searches still find them, which may be intended. Does not check whether objects
 * have changed, because that would mean reading them completely.
 */
export async function checkObjects(
  { db, objects, signal }: CheckOptions,
  { notes }: Findings,
): Promise<void> {
  let gone = 0
  for await (const { dnaDbId } of pagesOf((page) => listLibraries(db, { page, pageSize: PAGE_SIZE }))) {
    for await (const video of pagesOf((page) => listVideos(db, { dnaDbId, page, pageSize: PAGE_SIZE }))) {
      signal.throwIfAborted()
      if (!(await objects.exists(video.bucket, video.object))) gone += 1
    }
  }
  if (gone > 0)
    notes.push(
      `The objects of ${count(gone, 'video', 'videos')} are gone. Their fingerprints are kept, and searches still find them.`,
    )
}
