import { setTimeout as delay } from 'node:timers/promises'
import type { RouteAnswer } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>

export async function listIgnoredPassages(
  { db }: Db,
  { params: { dnaDbId }, query }: JsonRequest<'listIgnoredPassages'>,
): Answer<'listIgnoredPassages'> {
  if ((await store.getLibrary(db, dnaDbId)) === null)
    throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
  const { page, pageSize } = query
  const { items, total } = await store.listIgnoredPassages(db, { ...query, dnaDbId })
  return { items: items.map(passageBody), total, page, pageSize }
}

export async function ignorePassage(
  context: Db & Pick<AdminContext, 'stopping'>,
  { params: { dnaDbId }, query: { dryRun }, body, by }: JsonRequest<'ignorePassage'>,
): Answer<'ignorePassage'> {
  const stretch = { ...body, dnaDbId }
  if (dryRun) return preview(context, stretch)
  const { note = null } = body
  return passageBody(await store.ignorePassage(context.db, { ...stretch, note, by }))
}

export async function suggestIgnoring(
  { db }: Db,
  { params: { dnaDbId } }: JsonRequest<'suggestIgnoring'>,
): Answer<'suggestIgnoring'> {
  if ((await store.getLibrary(db, dnaDbId)) === null)
    throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
  return { items: await store.suggestIgnoring(db, dnaDbId) }
}

export async function getIgnoredPassage(
  { db }: Db,
  { params }: JsonRequest<'getIgnoredPassage'>,
): Answer<'getIgnoredPassage'> {
  const passage = await store.getIgnoredPassage(db, params)
  if (passage === null) throw missing(params)
  return { ...passageBody(passage), positions: await store.listIgnoredPlacements(db, params.ignoredId) }
}

export async function restorePassage(
  { db }: Db,
  { params, by }: JsonRequest<'restorePassage'>,
): Answer<'restorePassage'> {
  if (!(await store.restorePassage(db, { ...params, by }))) throw missing(params)
  return undefined
}

/** How long a dry run waits for a worker to look the passage up. */
const LOOKUP_WAIT_MS = 5_000
const LOOKUP_POLL_MS = 250

async function preview(
  { db, stopping }: Db & Pick<AdminContext, 'stopping'>,
  stretch: store.Stretch,
): Promise<Awaited<ReturnType<typeof store.previewIgnored>> & { alsoIn: number | null }> {
  const until = performance.now() + LOOKUP_WAIT_MS
  let draft = await store.draftIgnoredPassage(db, stretch)
  while (draft.alsoIn === null && performance.now() < until && stopping?.aborted !== true) {
    await delay(LOOKUP_POLL_MS)
    draft = await store.draftIgnoredPassage(db, stretch)
  }
  return { ...(await store.previewIgnored(db, draft.ignoredId)), alsoIn: draft.alsoIn }
}

function missing({ dnaDbId, ignoredId }: { readonly dnaDbId: string; readonly ignoredId: string }): Fault {
  return new Fault('NotFound', `Library ${dnaDbId} has no ignored passage ${ignoredId}.`)
}

function passageBody(passage: store.IgnoredPassage): RouteAnswer<'listIgnoredPassages'>['items'][number] {
  return { ...passage, createdAt: passage.createdAt.toISOString() }
}
