import { deleteVideo as deleteRow } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendNoContent } from '../http/send.ts'
import { dropThumbnails } from './drop-thumbnails.ts'
import { findVideo } from './find-video.ts'

/** DELETE /admin/libraries/:dnaDbId/videos/:videoId: from now on it matches nothing. Its object stays. */
export const deleteVideo =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    const { dnaDbId, videoId } = await findVideo(context, req)
    await deleteRow(context.db, { dnaDbId, videoId })
    await dropThumbnails(context, [videoId])
    sendNoContent(res)
  }
