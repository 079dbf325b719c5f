import { type ObjectBody, objectsQuerySchema, parseAdmin } from '@kinoprint/contract'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { queryOf } from './query-of.ts'

/** GET /admin/objects/:bucket?prefix= */
export const listObjects =
  ({ objects }: ApiContext): RequestHandler =>
  async (req, res) => {
    const { page, pageSize, prefix } = parseAdmin(objectsQuerySchema, queryOf(req))
    const found = await objects.list(String(req.params.bucket), { prefix, page, pageSize })
    const items = found.items.map(
      ({ object, size, etag, lastModified }): ObjectBody => ({
        object,
        size,
        etag: etag ?? null,
        lastModified: lastModified.toISOString(),
      }),
    )
    sendJson(res, 200, { items, total: found.total, page, pageSize })
  }
