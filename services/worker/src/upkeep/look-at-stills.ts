import { removeThumbnails } from '@kinoprint/objects'
import { findStrayThumbnails } from '../stray-thumbnails.ts'
import { count, type Look, noteFault } from './findings.ts'

/** Thumbnails whose video is gone. */
export const lookAtStills: Look = async ({ db, thumbnailsDir }, findings) => {
  const stray = await findStrayThumbnails({ db, thumbnailsDir })
  if (stray.length === 0) return
  const message = `The stills of ${count(stray.length, 'video', 'videos')} are there without a video.`
  await noteFault(findings, message, async () => {
    await removeThumbnails(thumbnailsDir, stray)
    return `The stills of ${count(stray.length, 'video', 'videos')} were removed.`
  })
}
