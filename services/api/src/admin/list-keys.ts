import { type KeyBody, pageQuerySchema, parseAdmin } from '@kinoprint/contract'
import { type KeyRecord, listKeys as readKeys } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { queryOf } from './query-of.ts'

/** GET /admin/keys: what they may do, never their secrets. */
export const listKeys =
  ({ db }: ApiContext): RequestHandler =>
  async (req, res) => {
    const { page, pageSize } = parseAdmin(pageQuerySchema, queryOf(req))
    const keys = await readKeys(db)
    const items = keys.slice((page - 1) * pageSize, page * pageSize).map(keyBody)
    sendJson(res, 200, { items, total: keys.length, page, pageSize })
  }

const list = (names: readonly string[] | null): string[] | null => names && [...names]

const keyBody = (key: KeyRecord): KeyBody => ({
  secretId: key.secretId,
  name: key.name,
  actions: list(key.actions),
  libraries: list(key.libraries),
  buckets: list(key.buckets),
  region: key.region,
  createdAt: key.createdAt.toISOString(),
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
})
