import { checkContentMd5, limits } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { Request } from 'express'
import { readBody } from '../http/read-body.ts'

const COMPRESSED = /\b(?:gzip|deflate|compress|br|zstd)\b/i

/** The body of a signed request, its Content-MD5 checked where one was sent. A chunked body needs no length. */
export async function readXmlBody(req: Request): Promise<Buffer> {
  if (req.headers['content-length'] === undefined && req.headers['transfer-encoding'] === undefined) {
    throw new Fault('MissingContentLength', 'Send the Content-Length of the body, or send it chunked.')
  }
  const encoding = req.headers['content-encoding'] ?? ''
  if (COMPRESSED.test(encoding)) {
    throw new Fault(
      'NotImplemented',
      `A body with Content-Encoding ${encoding} is not read; send it as it is.`,
    )
  }
  const body = await readBody(req, { maxBytes: limits.xmlBytesMax })
  checkContentMd5(body, req.rawHeaders)
  return body
}
