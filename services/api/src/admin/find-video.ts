import { Fault } from '@kinoprint/core'
import { getVideo, type Video } from '@kinoprint/store'
import type { Request } from 'express'
import type { ApiContext } from '../context.ts'

/** The video that the path names in the library that it names, or the answer 404. */
export const findVideo = async ({ db }: ApiContext, req: Request): Promise<Video> => {
  const dnaDbId = String(req.params.dnaDbId)
  const videoId = String(req.params.videoId)
  const video = await getVideo(db, { dnaDbId, videoId })
  if (video === null) throw new Fault('NotFound', `There is no video ${videoId} in library ${dnaDbId}.`)
  return video
}
