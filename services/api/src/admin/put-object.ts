import type { StoredObjectBody } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { Request, RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { scopeOf } from '../http/request-scope.ts'
import { sendJson } from '../http/send.ts'
import { watchForStall } from '../http/stall-guard.ts'
import { objectPath } from './object-path.ts'

/** PUT /admin/objects/:bucket/<object>: the body as it streams in; it replaces an object only when complete. */
export const putObject =
  ({ objects }: ApiContext): RequestHandler =>
  async (req, res) => {
    const { bucket, object } = objectPath(scopeOf(req).target)
    const contentLength = contentLengthOf(req)
    const gone = new AbortController()
    req.on('close', () => {
      if (!req.complete)
        gone.abort(new Fault('InvalidContent', 'The connection broke before the body ended.'))
    })
    const endWatch = watchForStall(req.socket, () =>
      gone.abort(new Fault('InvalidContent', 'No more of the body came for a minute. Send it again.')),
    )
    const { size, etag } = await objects
      .write(bucket, object, req.iterator({ destroyOnReturn: false }), { contentLength, signal: gone.signal })
      .finally(endWatch)
    const body: StoredObjectBody = { bucket, object, size, etag }
    sendJson(res, 201, body)
  }

const contentLengthOf = (req: Request): number | undefined => {
  const text = req.headers['content-length']
  return text === undefined ? undefined : Number(text)
}
