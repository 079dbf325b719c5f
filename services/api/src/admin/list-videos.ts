import { parseAdmin, videosQuerySchema } from '@kinoprint/contract'
import { listVideos as readVideos } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { findLibrary } from './find-library.ts'
import { queryOf } from './query-of.ts'
import { videoBody } from './video-body.ts'

/** GET /admin/libraries/:dnaDbId/videos?object= */
export const listVideos =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    const asked = parseAdmin(videosQuerySchema, queryOf(req))
    const { dnaDbId } = await findLibrary(context, req)
    const page = await readVideos(context.db, { ...asked, dnaDbId })
    sendJson(res, 200, { ...page, items: page.items.map(videoBody) })
  }
