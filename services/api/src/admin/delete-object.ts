import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { scopeOf } from '../http/request-scope.ts'
import { sendNoContent } from '../http/send.ts'
import { objectPath } from './object-path.ts'

/** DELETE /admin/objects/:bucket/<object>. What was stored of it in libraries stays. */
export const deleteObject =
  ({ objects }: ApiContext): RequestHandler =>
  async (req, res) => {
    const { bucket, object } = objectPath(scopeOf(req).target)
    await objects.remove(bucket, object)
    sendNoContent(res)
  }
