import { type ObjectBody, objectsQuerySchema, parseAdmin } from '@kinoprint/contract'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { sendJson } from '../http/send.ts'
import { createConcurrencyLimiter } from '../limits/concurrency-limiter.ts'
import { queryOf } from './query-of.ts'

/** Each holds the names of its whole bucket, some 100 bytes each. */
const MAX_CONCURRENT = 2
const WAIT_MS = 10_000

/** GET /admin/objects/:bucket?prefix= */
export const listObjects = ({ objects }: ApiContext): RequestHandler => {
  const limiter = createConcurrencyLimiter({ concurrency: MAX_CONCURRENT, waitMs: WAIT_MS })
  return async (req, res) => {
    const { page, pageSize, prefix } = parseAdmin(objectsQuerySchema, queryOf(req))
    const list = () => objects.list(String(req.params.bucket), { prefix, page, pageSize })
    const found = await limiter.run(clientAddress(req), list)
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
}
