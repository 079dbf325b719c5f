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

type ThumbnailOwners = {
  /** VideoIds and JobIds, or functions that find one. The first whose thumbnails exist counts. */
  readonly owners: readonly (string | (() => Promise<string | undefined>))[]
  readonly name: Thumbnail
}

/** Sends one thumbnail file of a video or of the query of a job. Throws Fault NotFound if it does not exist. */
export async function sendThumbnail(
  { thumbnailsDir }: Pick<ThumbnailContext, 'thumbnailsDir'>,
  { req, res }: { readonly req: Request; readonly res: Response },
  { owners, name }: ThumbnailOwners,
): Promise<void> {
  const { path, found } = await findThumbnail(thumbnailsDir, { owners, name })
  res.setHeader('Cache-Control', 'private, max-age=60')
  await sendStream(req, res, {
    contentType: contentTypes[name],
    sizeBytes: found.size,
    open: async () => createReadStream(path),
  })
}

/** Whether a video or the query of a job has thumbnails of its own. */
export async function hasThumbnails(
  { thumbnailsDir }: Pick<ThumbnailContext, 'thumbnailsDir'>,
  owner: string,
): Promise<boolean> {
  if (thumbnailsDir === null) return false
  const found = await stat(join(thumbnailsDir, owner, 'sprite.json')).catch(() => undefined)
  return found?.isFile() === true
}

async function findThumbnail(thumbnailsDir: string | null, { owners, name }: ThumbnailOwners) {
  if (thumbnailsDir !== null)
    for (const known of owners) {
      const owner = typeof known === 'string' ? known : await known()
      if (owner === undefined) continue
      const path = join(thumbnailsDir, owner, name)
      const found = await stat(path).catch(() => undefined)
      if (found?.isFile()) return { path, found }
    }
  throw new Fault('NotFound', `There is no ${name} of ${owners[0]}.`)
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
