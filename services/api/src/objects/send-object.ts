import type { ObjectStore } from '@kinoprint/objects'
import type { Request, Response } from 'express'
import { parseRange } from '../http/parse-range.ts'
import { sendNotModified } from '../http/send.ts'
import { sendStream } from '../http/send-stream.ts'
import type { ContentTypes } from './content-type.ts'

type ObjectAnswer = {
  readonly bucket: string
  readonly object: string
  readonly req: Request
  readonly res: Response
}

/** Sends the whole object, or the single byte range that the request names. The caller sets Cache-Control. */
export async function sendObject(
  { objects, contentTypes }: { readonly objects: ObjectStore; readonly contentTypes: ContentTypes },
  { bucket, object, req, res }: ObjectAnswer,
): Promise<void> {
  const { size, etag, lastModified } = await objects.head(bucket, object)
  res.setHeader('Accept-Ranges', 'bytes')
  res.setHeader('ETag', etag)
  res.setHeader('Last-Modified', lastModified.toUTCString())
  // Uploads are untrusted: a browser must not run one as a page of this server.
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
  res.setHeader('X-Content-Type-Options', 'nosniff')
  if (req.fresh) {
    sendNotModified(res)
    return
  }
  const contentType = await contentTypes.of({ bucket, object, etag, size })
  const ifRange = req.headers['if-range']
  const isSameVersion = ifRange === undefined || ifRange === etag || ifRange === lastModified.toUTCString()
  const wanted = isSameVersion ? req.headers.range : undefined
  // Required in the response to an unsatisfiable range, and forbidden for a whole object.
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
