import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { findVideo } from './find-video.ts'
import { videoBody } from './video-body.ts'

/** GET /admin/libraries/:dnaDbId/videos/:videoId */
export const getVideo =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    sendJson(res, 200, videoBody(await findVideo(context, req)))
  }
