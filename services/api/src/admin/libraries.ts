import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import { removeSample } from '../samples/remove-sample.ts'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'
import { dropThumbnails, type ThumbnailContext } from './thumbnails.ts'

type Db = Pick<AdminContext, 'db'>
type Defaults = {
  readonly settings: Pick<AdminContext['settings'], 'defaultBucket' | 'defaultRegion' | 'storeDetail'>
}

export async function createLibrary(
  { db, settings }: Db & Defaults,
  { body }: JsonRequest<'createLibrary'>,
): Answer<'createLibrary'> {
  const { bucket = settings.defaultBucket, region = settings.defaultRegion } = body
  const { storeDetail = settings.storeDetail } = body
  const library = { ...body, bucket, region, storeDetail, nameMustBeUnique: true }
  return libraryBody(await store.createLibrary(db, library), 0)
}

export async function listLibraries(
  { db }: Db,
  { query }: JsonRequest<'listLibraries'>,
): Answer<'listLibraries'> {
  const page = await store.listLibraries(db, query)
  const open = await store.countOpenMatches(
    db,
    page.items.map(({ dnaDbId }) => dnaDbId),
  )
  return { ...page, items: page.items.map((library, at) => libraryBody(library, open[at])) }
}

export async function getLibrary({ db }: Db, { params }: JsonRequest<'getLibrary'>): Answer<'getLibrary'> {
  return showLibrary(db, (await store.getLibrary(db, params.dnaDbId)) ?? missing(params))
}

export async function updateLibrary(
  { db }: Db,
  { params, body }: JsonRequest<'updateLibrary'>,
): Answer<'updateLibrary'> {
  const changed = await store.updateLibrary(db, params.dnaDbId, { ...body, nameMustBeUnique: true })
  return showLibrary(db, changed ?? missing(params))
}

/** Fields that are absent stay as they are. */
export async function previewPolicy(
  { db }: Db,
  { params, body }: JsonRequest<'previewPolicy'>,
): Answer<'previewPolicy'> {
  const preview = (await store.previewPolicy(db, params.dnaDbId, body)) ?? missing(params)
  return { ...preview, since: preview.since.toISOString() }
}

export async function deleteLibrary(
  context: Db & Partial<Pick<AdminContext, 'objects'>> & ThumbnailContext,
  { params, query }: JsonRequest<'deleteLibrary'>,
): Answer<'deleteLibrary'> {
  const { force } = query
  const run = await store.getSampleRun(context.db)
  const videoIds = (await store.deleteLibrary(context.db, params.dnaDbId, { force })) ?? missing(params)
  await dropThumbnails(context, videoIds)
  if (run?.dnaDbId === params.dnaDbId) await removeSample(context, run)
  return undefined
}

function missing({ dnaDbId }: { readonly dnaDbId: string }): never {
  throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
}

async function showLibrary(
  db: AdminContext['db'],
  library: store.Library,
): Promise<RouteAnswer<'getLibrary'>> {
  const [open] = await store.countOpenMatches(db, [library.dnaDbId])
  return libraryBody(library, open)
}

function libraryBody(library: store.Library, matchesOpen = 0): RouteAnswer<'getLibrary'> {
  return {
    ...library,
    matchesOpen,
    createdAt: library.createdAt.toISOString(),
    updatedAt: library.updatedAt.toISOString(),
  }
}
