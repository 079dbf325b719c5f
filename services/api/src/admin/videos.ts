import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, ByteRequest, JsonRequest } from './handler.ts'
import { dropThumbnails, sendThumbnail, type Thumbnail, type ThumbnailContext } from './thumbnails.ts'

type Db = Pick<AdminContext, 'db'>
type VideoKey = { readonly dnaDbId: string; readonly videoId: string }

export async function listVideos(
  { db }: Db,
  { params: { dnaDbId }, query }: JsonRequest<'listVideos'>,
): Answer<'listVideos'> {
  if ((await store.getLibrary(db, dnaDbId)) === null)
    throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
  const page = await store.listVideos(db, { ...query, dnaDbId })
  return { ...page, items: page.items.map(videoBody) }
}

export async function getVideo({ db }: Db, { params }: JsonRequest<'getVideo'>): Answer<'getVideo'> {
  return videoBody(await findVideo(db, params))
}

/** Its object is kept. */
export async function deleteVideo(
  context: Db & ThumbnailContext,
  { params }: JsonRequest<'deleteVideo'>,
): Answer<'deleteVideo'> {
  const { dnaDbId, videoId } = await findVideo(context.db, params)
  await store.deleteVideo(context.db, { dnaDbId, videoId })
  await dropThumbnails(context, [videoId])
  return undefined
}

export function getPoster(context: AdminContext, request: ByteRequest<'getPoster'>): Answer<'getPoster'> {
  return sendFile(context, request, 'poster.jpg')
}

export function getSprite(context: AdminContext, request: ByteRequest<'getSprite'>): Answer<'getSprite'> {
  return sendFile(context, request, 'sprite.jpg')
}

export function getSpriteIndex(
  context: AdminContext,
  request: ByteRequest<'getSpriteIndex'>,
): Answer<'getSpriteIndex'> {
  return sendFile(context, request, 'sprite.json')
}

async function sendFile(
  context: AdminContext,
  { params, req, res }: ByteRequest<'getPoster'>,
  name: Thumbnail,
): Promise<void> {
  const { videoId } = await findVideo(context.db, params)
  await sendThumbnail(context, { req, res }, { videoId, name })
}

async function findVideo(db: AdminContext['db'], { dnaDbId, videoId }: VideoKey): Promise<store.Video> {
  const video = await store.getVideo(db, { dnaDbId, videoId })
  if (video === null) throw new Fault('NotFound', `Library ${dnaDbId} has no video ${videoId}.`)
  return video
}

function videoBody({
  dnaDbId: _library,
  region: _region,
  updatedAt: _updated,
  ...video
}: store.Video): RouteAnswer<'getVideo'> {
  return { ...video, createdAt: video.createdAt.toISOString() }
}
