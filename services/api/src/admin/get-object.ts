import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { parseRange } from '../http/parse-range.ts'
import { scopeOf } from '../http/request-scope.ts'
import { sendStream } from '../http/send-stream.ts'
import { objectPath } from './object-path.ts'

/** GET /admin/objects/:bucket/<object>, whole or one range of bytes. */
export const getObject =
  ({ objects }: ApiContext): RequestHandler =>
  async (req, res) => {
    const { bucket, object } = objectPath(scopeOf(req).target)
    const { size, etag, lastModified } = await objects.head(bucket, object)
    res.setHeader('Accept-Ranges', 'bytes')
    res.setHeader('ETag', etag)
    res.setHeader('Last-Modified', lastModified.toUTCString())
    // Whatever was uploaded is data: no browser may take it for a page of ours.
    res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
    const contentType = /\.mp4$/i.test(object) ? 'video/mp4' : 'application/octet-stream'
    const ifRange = req.headers['if-range']
    const wanted = ifRange === undefined || ifRange === etag ? req.headers.range : undefined
    res.setHeader('Content-Range', `bytes */${size}`)
    const range = parseRange(wanted, size)
    if (range === null) res.removeHeader('Content-Range')
    else res.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${size}`)
    await sendStream(req, res, {
      status: range === null ? 200 : 206,
      contentType,
      sizeBytes: range === null ? size : range.end - range.start + 1,
      open: async () => (await objects.read(bucket, object, range ?? undefined)).stream,
    })
  }
