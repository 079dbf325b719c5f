import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>

export async function getReindexing({ db }: Db): Answer<'getReindexing'> {
  const libraries = await store.readOutdated(db)
  const last = await store.readReindexing(db)
  return {
    ...store.CURRENT_VERSIONS,
    outdated: libraries.reduce((sum, { videos }) => sum + videos, 0),
    libraries,
    last: last && viewOf(last),
  }
}

export async function startReindexing(
  { db }: Db,
  { body }: JsonRequest<'startReindexing'>,
): Answer<'startReindexing'> {
  const { dnaDbId } = body
  if (dnaDbId !== undefined && (await store.getLibrary(db, dnaDbId)) === null)
    throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
  return viewOf(await store.startReindexing(db, body))
}

export async function stopReindexing({ db }: Db): Answer<'stopReindexing'> {
  const stopped = await store.stopReindexing(db)
  if (stopped === null) throw new Fault('NotFound', 'No re-indexing is running.')
  return viewOf(stopped)
}

export function listReindexingFailures(
  { db }: Db,
  { query }: JsonRequest<'listReindexingFailures'>,
): Answer<'listReindexingFailures'> {
  return store.listReindexingFailures(db, query)
}

/** Videos that were deleted or replaced meanwhile count towards the total only. */
function viewOf({
  reindexingId: _,
  startedAt,
  endedAt,
  ...run
}: store.Reindexing): RouteAnswer<'stopReindexing'> {
  const { state, total, decoded, rebuilt, failed } = run
  const progress = state === 'Done' || total === 0 ? 1 : Math.min(1, (decoded + rebuilt + failed) / total)
  return { ...run, progress, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null }
}
