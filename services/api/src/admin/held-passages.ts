import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>

export async function listHeldPassages(
  { db }: Db,
  { query: { library, page, pageSize } }: JsonRequest<'listHeldPassages'>,
): Answer<'listHeldPassages'> {
  const { items, total } = await store.listHeldPassages(db, { dnaDbId: library, page, pageSize })
  const bodies = items.map((held) => ({ ...held, createdAt: held.createdAt.toISOString() }))
  return { items: bodies, total, page, pageSize }
}

export async function releasePassage(
  { db }: Db,
  { params: { heldId }, body: { exempt }, by }: JsonRequest<'releasePassage'>,
): Answer<'releasePassage'> {
  if (!(await store.releasePassage(db, { heldId, exempt, by }))) throw missing(heldId)
  return undefined
}

export async function ignoreHeldPassage(
  { db }: Db,
  { params: { heldId }, body: { note }, by }: JsonRequest<'ignoreHeldPassage'>,
): Answer<'ignoreHeldPassage'> {
  const passage = await store.ignoreHeldPassage(db, { heldId, note: note ?? null, by })
  if (passage === null) throw missing(heldId)
  return { ...passage, createdAt: passage.createdAt.toISOString() }
}

function missing(heldId: string): Fault {
  return new Fault('NotFound', `There is no held passage ${heldId}. It was released or is ignored now.`)
}
