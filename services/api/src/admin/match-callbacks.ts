import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import { requireAllowedCallback } from '../callback-rules.ts'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'
import { deliveryBody } from './job-bodies.ts'

type Db = Pick<AdminContext, 'db'>
type SetContext = Db & {
  readonly secrets: Pick<AdminContext['secrets'], 'encryptionKey'>
  readonly settings: Pick<AdminContext['settings'], 'callbackAllow'>
}

export async function getMatchCallback(
  { db }: Db,
  { params: { dnaDbId } }: JsonRequest<'getMatchCallback'>,
): Answer<'getMatchCallback'> {
  return (await store.getMatchCallback(db, dnaDbId)) ?? reportsNone(dnaDbId)
}

export async function setMatchCallback(
  { db, settings, secrets }: SetContext,
  { params: { dnaDbId }, body }: JsonRequest<'setMatchCallback'>,
): Answer<'setMatchCallback'> {
  requireAllowedCallback(settings, body.url)
  const { encryptionKey } = secrets
  const { secretId } = body
  if (secretId !== null && (await store.findKey(db, { encryptionKey, secretId })) === null)
    throw new Fault('InvalidArgument', `API key ${secretId} does not exist, or is revoked.`)
  if (!(await store.setMatchCallback(db, dnaDbId, body))) throw missing(dnaDbId)
  return body
}

export async function deleteMatchCallback(
  { db }: Db,
  { params: { dnaDbId } }: JsonRequest<'deleteMatchCallback'>,
): Answer<'deleteMatchCallback'> {
  if (!(await store.deleteMatchCallback(db, dnaDbId))) reportsNone(dnaDbId)
  return undefined
}

export async function listMatchDeliveries(
  { db }: Db,
  { params: { dnaDbId }, query }: JsonRequest<'listMatchDeliveries'>,
): Answer<'listMatchDeliveries'> {
  if ((await store.getLibrary(db, dnaDbId)) === null) throw missing(dnaDbId)
  const { page, pageSize } = query
  const { items, total } = await store.listMatchDeliveries(db, { ...query, dnaDbId })
  const bodies = items.map(({ matchId, ...delivery }) => ({ ...deliveryBody(delivery), matchId }))
  return { items: bodies, total, page, pageSize }
}

export async function resendMatchDelivery(
  { db }: Db,
  { params: { dnaDbId, deliveryId: text } }: JsonRequest<'resendMatchDelivery'>,
): Answer<'resendMatchDelivery'> {
  const deliveryId = Number(text)
  const isOwn = Number.isSafeInteger(deliveryId) && (await store.isMatchDelivery(db, { dnaDbId, deliveryId }))
  const sent = isOwn ? await store.resendDelivery(db, deliveryId) : null
  if (sent === null) throw new Fault('NotFound', `Library ${dnaDbId} has no match delivery ${text}.`)
  return deliveryBody(sent)
}

function missing(dnaDbId: string): Fault {
  return new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
}

function reportsNone(dnaDbId: string): never {
  throw new Fault('NotFound', `Library ${dnaDbId} does not exist, or reports no matches.`)
}
