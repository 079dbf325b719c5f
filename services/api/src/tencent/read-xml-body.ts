import { checkContentMd5, limits } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { Request } from 'express'
import { readBody } from '../http/read-body.ts'

const COMPRESSED = /\b(?:gzip|deflate|compress|br|zstd)\b/i

/** Reads the body of a signed request and checks its Content-MD5, if sent. A chunked body needs no Content-Length. */
export async function readXmlBody(req: Request): Promise<Buffer> {
  if (req.headers['content-length'] === undefined && req.headers['transfer-encoding'] === undefined) {
    throw new Fault(
      'MissingContentLength',
      'The request has no Content-Length. Send it, or send the body chunked.',
    )
  }
  const encoding = req.headers['content-encoding'] ?? ''
  if (COMPRESSED.test(encoding)) {
    throw new Fault(
      'NotImplemented',
      `Content-Encoding ${encoding} is not supported. Send the body uncompressed.`,
    )
  }
  const body = await readBody(req, { maxBytes: limits.xmlBytesMax })
  checkContentMd5(body, req.rawHeaders)
  return body
}
