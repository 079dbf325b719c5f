import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { deleteVideo as deleteRow } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendNothing } from '../http/send.ts'
import { findVideo } from './find-video.ts'

/** DELETE /admin/libraries/:dnaDbId/videos/:videoId: from now on it matches nothing. Its object stays. */
export const deleteVideo =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    const { dnaDbId, videoId } = await findVideo(context, req)
    await deleteRow(context.db, { dnaDbId, videoId })
    if (context.thumbnailsDir !== null) {
      // The id is one that the store made, not what the path said.
      await rm(join(context.thumbnailsDir, videoId), { recursive: true, force: true })
    }
    sendNothing(res)
  }
