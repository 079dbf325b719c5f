import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>

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
  const items = keys.slice((page - 1) * pageSize, page * pageSize).map((key) => ({
    ...key,
    createdAt: key.createdAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  }))
  return { items, total: keys.length, page, pageSize }
}

/** The key stops working at once in this process and within seconds in others. */
export async function revokeKey(
  { db, keys }: Db & { readonly keys: Pick<AdminContext['keys'], 'forget'> },
  { params: { secretId } }: JsonRequest<'revokeKey'>,
): Answer<'revokeKey'> {
  const revoked = await store.revokeKey(db, secretId)
  keys.forget(secretId)
  if (!revoked) throw new Fault('NotFound', `Key ${secretId} does not exist.`)
  return undefined
}
