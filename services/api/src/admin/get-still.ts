import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendStream } from '../http/send-stream.ts'
import { findVideo } from './find-video.ts'

/** The stills that are made of every stored video; sprite.json says the time of each picture in sprite.jpg. */
export const stills = {
  'poster.jpg': 'image/jpeg',
  'sprite.jpg': 'image/jpeg',
  'sprite.json': 'application/json; charset=utf-8',
} as const

export type Still = keyof typeof stills

/** GET /admin/libraries/:dnaDbId/videos/:videoId/poster.jpg and its neighbours */
export const getStill =
  (context: ApiContext, still: Still): RequestHandler =>
  async (req, res) => {
    const { videoId } = await findVideo(context, req)
    const path = context.thumbnailsDir === null ? null : join(context.thumbnailsDir, videoId, still)
    const found = path === null ? undefined : await stat(path).catch(() => undefined)
    if (path === null || !found?.isFile()) {
      throw new Fault('NotFound', `No ${still} was made of video ${videoId}.`)
    }
    res.setHeader('Cache-Control', 'private, max-age=60')
    await sendStream(req, res, {
      contentType: stills[still],
      sizeBytes: found.size,
      open: async () => createReadStream(path),
    })
  }
