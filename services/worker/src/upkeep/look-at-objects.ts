import { pagesOf } from '@kinoprint/core'
import { listLibraries, listVideos } from '@kinoprint/store'
import { count, type Look } from './findings.ts'

const PAGE_SIZE = 100

/**
 * Videos whose objects are gone. They are still found, and an operator may have wanted just that: a note, no fault.
 * Whether an object has changed is not looked at, because all of it would have to be read.
 */
export const lookAtObjects: Look = async ({ db, objects, signal }, { notes }) => {
  let gone = 0
  for await (const { dnaDbId } of pagesOf((page) => listLibraries(db, { page, pageSize: PAGE_SIZE }))) {
    for await (const video of pagesOf((page) => listVideos(db, { dnaDbId, page, pageSize: PAGE_SIZE }))) {
      signal.throwIfAborted()
      if (!(await objects.exists(video.bucket, video.object))) gone += 1
    }
  }
  if (gone > 0)
    notes.push(
      `The objects of ${count(gone, 'video', 'videos')} are gone; the fingerprints are kept and still found.`,
    )
}
