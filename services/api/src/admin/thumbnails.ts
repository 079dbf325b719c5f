import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { removeThumbnails } from '@kinoprint/objects'
import type { Request, Response } from 'express'
import type { ApiContext } from '../context.ts'
import { sendStream } from '../http/send-stream.ts'

export type ThumbnailContext = Pick<ApiContext, 'thumbnailsDir' | 'log'>

/** The thumbnail files of a stored video. */
const contentTypes = {
  'poster.jpg': 'image/jpeg',
  'sprite.jpg': 'image/jpeg',
  'sprite.json': 'application/json; charset=utf-8',
} as const

export type Thumbnail = keyof typeof contentTypes

/** Sends one thumbnail file of a video. Throws Fault NotFound if it does not exist. */
export async function sendThumbnail(
  { thumbnailsDir }: Pick<ThumbnailContext, 'thumbnailsDir'>,
  { req, res }: { readonly req: Request; readonly res: Response },
  { videoId, name }: { readonly videoId: string; readonly name: Thumbnail },
): Promise<void> {
  const path = thumbnailsDir === null ? null : join(thumbnailsDir, videoId, name)
  const found = path === null ? undefined : await stat(path).catch(() => undefined)
  if (path === null || !found?.isFile()) throw new Fault('NotFound', `Video ${videoId} has no ${name}.`)
  res.setHeader('Cache-Control', 'private, max-age=60')
  await sendStream(req, res, {
    contentType: contentTypes[name],
    sizeBytes: found.size,
    open: async () => createReadStream(path),
  })
}

/** Removes the thumbnails of deleted videos. A failure is only logged, because workers remove the rest later. */
export async function dropThumbnails(
  { thumbnailsDir, log }: ThumbnailContext,
  videoIds: readonly string[],
): Promise<void> {
  try {
    await removeThumbnails(thumbnailsDir, videoIds)
  } catch (err) {
    log.warn({ err }, 'Could not remove the thumbnails of deleted videos; workers remove them later')
  }
}
