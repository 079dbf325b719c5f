import { type RouteAnswer, signRequest as signTarget } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, ExchangeRequest, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>

const SIGNED_SECONDS = 15 * 60
/** For clocks that are behind this one. */
const CLOCK_SKEW_SECONDS = 60

/** The only response that ever contains the secret. */
export async function createKey(
  { db, secrets }: Db & { readonly secrets: Pick<AdminContext['secrets'], 'encryptionKey'> },
  { body }: JsonRequest<'createKey'>,
): Answer<'createKey'> {
  const { encryptionKey } = secrets
  const { secretId, secretKey } = await store.createKey(db, { ...body, encryptionKey })
  return { secretId, secretKey }
}

export async function listKeys({ db }: Db, { query }: JsonRequest<'listKeys'>): Answer<'listKeys'> {
  const { page, pageSize } = query
  const keys = await store.listKeys(db)
  const items = keys.slice((page - 1) * pageSize, page * pageSize).map(keyBody)
  return { items, total: keys.length, page, pageSize }
}

type Cache = { readonly keys: Pick<AdminContext['keys'], 'forget'> }

/** It takes effect at once in this process and within seconds in others. */
export async function updateKey(
  { db, keys }: Db & Cache,
  { params: { secretId }, body }: JsonRequest<'updateKey'>,
): Answer<'updateKey'> {
  const changed = await store.updateKey(db, secretId, body)
  keys.forget(secretId)
  return keyBody(changed ?? missing(secretId))
}

/** Signs as a client with the key would, over the host of this request and the whole query. */
export async function signRequest(
  { db, secrets }: Db & Pick<AdminContext, 'secrets'>,
  { params: { secretId }, body, req }: ExchangeRequest<'signRequest'>,
): Answer<'signRequest'> {
  const { encryptionKey } = secrets
  const key = (await store.findKey(db, { encryptionKey, secretId })) ?? missing(secretId)
  const { method, path, query } = body
  const target = query === '' ? path : `${path}?${query}`
  const host = req.get('host') ?? ''
  const nowSeconds = Math.floor(Date.now() / 1000)
  const authorization = signTarget({
    method,
    target,
    headers: [['host', host]],
    secretId,
    secretKey: key.secretKey,
    startSeconds: nowSeconds - CLOCK_SKEW_SECONDS,
    endSeconds: nowSeconds + SIGNED_SECONDS,
  })
  const hasBody = method === 'POST' || method === 'PUT'
  const options = [
    ...(method === 'GET' ? [] : ['-X', method]),
    ...(hasBody ? ['--data-binary', '@job.xml'] : []),
  ]
  const words = [
    'curl',
    ...options,
    '-H',
    shellWord(`Authorization: ${authorization}`),
    shellWord(`${req.protocol}://${host}${target}`),
  ]
  return {
    authorization,
    expiresAt: new Date((nowSeconds + SIGNED_SECONDS) * 1000).toISOString(),
    curl: words.join(' '),
  }
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function keyBody(key: Awaited<ReturnType<typeof store.listKeys>>[number]): RouteAnswer<'updateKey'> {
  return { ...key, createdAt: key.createdAt.toISOString(), lastUsedAt: key.lastUsedAt?.toISOString() ?? null }
}

function missing(secretId: string): never {
  throw new Fault('NotFound', `Key ${secretId} does not exist.`)
}

/** The key stops working at once in this process and within seconds in others. */
export async function revokeKey(
  { db, keys }: Db & Cache,
  { params: { secretId } }: JsonRequest<'revokeKey'>,
): Answer<'revokeKey'> {
  const revoked = await store.revokeKey(db, secretId)
  keys.forget(secretId)
  if (!revoked) missing(secretId)
  return undefined
}
