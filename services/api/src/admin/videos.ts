import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, ByteRequest, JsonRequest } from './handler.ts'
import { parseRange } from './number-ranges.ts'
import { dropThumbnails, sendThumbnail, type Thumbnail, type ThumbnailContext } from './thumbnails.ts'

type Db = Pick<AdminContext, 'db'>
type VideoContext = Db & Pick<AdminContext, 'objectPresence'>
type VideoKey = { readonly dnaDbId: string; readonly videoId: string }

export async function listVideos(
  { db, objectPresence }: VideoContext,
  { params: { dnaDbId }, query }: JsonRequest<'listVideos'>,
): Answer<'listVideos'> {
  if ((await store.getLibrary(db, dnaDbId)) === null)
    throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
  const page = await store.listVideos(db, { ...query, seconds: parseRange(query.seconds), dnaDbId })
  return { ...page, items: await videoBodies({ db, objectPresence }, page.items) }
}

export async function getVideo(
  { db, objectPresence }: VideoContext,
  { params }: JsonRequest<'getVideo'>,
): Answer<'getVideo'> {
  const [body] = await videoBodies({ db, objectPresence }, [await findVideo(db, params)])
  if (body === undefined) throw new Error('The video has no body.')
  return body
}

export async function getHeat(
  { db }: Db,
  { params, query: { columns } }: JsonRequest<'getHeat'>,
): Answer<'getHeat'> {
  const { videoId, durationSeconds } = await findVideo(db, params)
  const { counts, matches } = await store.readHeat(db, { videoId, durationSeconds, columns })
  const columnSeconds = durationSeconds / columns
  return { durationSeconds, columnSeconds, counts, max: Math.max(...counts), matches }
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
  await sendThumbnail(context, { req, res }, { owners: [videoId], name })
}

async function findVideo(db: AdminContext['db'], { dnaDbId, videoId }: VideoKey): Promise<store.Video> {
  const video = await store.getVideo(db, { dnaDbId, videoId })
  if (video === null) throw new Fault('NotFound', `Library ${dnaDbId} has no video ${videoId}.`)
  return video
}

async function videoBodies(
  { db, objectPresence }: VideoContext,
  videos: readonly store.Video[],
): Promise<RouteAnswer<'getVideo'>[]> {
  const [matches, gone] = await Promise.all([
    store.countVideoMatches(
      db,
      videos.map(({ videoId }) => videoId),
    ),
    objectPresence.areGone(videos),
  ])
  return videos.map(({ dnaDbId: _library, region: _region, updatedAt: _updated, ...video }, at) => ({
    ...video,
    matches: matches[at] ?? { open: 0, all: 0 },
    objectGone: gone[at] ?? null,
    createdAt: video.createdAt.toISOString(),
  }))
}
