import { bucketListXml, headerValues, parseBucketListQuery } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { createCrc64 } from '@kinoprint/objects'
import type { Request } from 'express'
import { auditChange, keyActor } from '../audit-change.ts'
import { receiveBody } from '../http/receive-body.ts'
import { sendNoContent } from '../http/send.ts'
import { sendObject } from '../objects/send-object.ts'
import { sendXml } from '../tencent/send-xml.ts'
import type { ObjectHandler } from './object-request.ts'

/** PUT of an object: stores the body. */
export const putObject: ObjectHandler = async ({ objects }, { req, res, bucket, object }) => {
  requireLength(req)
  const crc = createCrc64()
  const { etag } = await receiveBody(req, ({ stream, ...options }) =>
    objects.write(bucket, object, withChecksum(stream, crc), { ...options, md5: announcedMd5(req) }),
  )
  res.setHeader('ETag', etag)
  res.setHeader('x-cos-hash-crc64ecma', crc.digest())
  sendXml(res, '')
}

/** GET and HEAD of an object, whole or a range. */
export const getObject: ObjectHandler = async (context, { req, res, bucket, object }) => {
  res.setHeader('Cache-Control', 'private, no-cache')
  await sendObject(context, { req, res, bucket, object })
}

/** DELETE of an object. Succeeds also if it does not exist, as in COS. */
export const deleteObject: ObjectHandler = async ({ db, objects }, request) => {
  const { req, res, key, bucket, object } = request
  try {
    await objects.remove(bucket, object)
    await auditChange(db, req, {
      ...{ actor: keyActor(key), action: 'deleteObject', subject: `${bucket}/${object}` },
    })
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'ResourceNotFound') throw error
  }
  sendNoContent(res)
}

/** HEAD of a bucket. Every bucket exists. */
export const headBucket: ObjectHandler = async (_, { res }) => sendXml(res, '')

/** GET of a bucket: its objects, and the folders directly under the prefix if a delimiter is given. */
export const listBucket: ObjectHandler = async ({ objects, listings }, { res, key, bucket, query }) => {
  const wanted = parseBucketListQuery(query)
  const { prefix, marker, delimiter, maxKeys } = wanted
  const found = await listings.run(key.secretId, () =>
    objects.list(bucket, {
      prefix,
      after: marker,
      pageSize: maxKeys,
      ...(delimiter === '/' ? { delimiter } : {}),
    }),
  )
  const { items } = found
  // A marker within a folder, or the folder itself, has been listed with it.
  const folders = found.prefixes.filter((folder) => compareBytes(folder, marker) > 0)
  const names = [...items.map(({ object }) => object), ...folders].sort(compareBytes)
  const page = new Set(names.slice(0, maxKeys))
  const isTruncated = found.total + folders.length > page.size
  sendXml(
    res,
    bucketListXml({
      bucket,
      query: wanted,
      objects: items.filter(({ object }) => page.has(object)),
      prefixes: folders.filter((folder) => page.has(folder)),
      nextMarker: isTruncated ? (names[page.size - 1] ?? null) : null,
    }),
  )
}

/** The order of lists: by the bytes of the names. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** Throws Fault MissingContentLength for a body whose end is not announced. */
export function requireLength({ headers }: Request): void {
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return
  throw new Fault(
    'MissingContentLength',
    'The request has no Content-Length. Send it, or send the body chunked.',
  )
}

/** The MD5 in Content-MD5, in hex; undefined without the header. Throws Fault BadDigest if it is not an MD5. */
export function announcedMd5({ rawHeaders }: Request): string | undefined {
  const [given] = headerValues(rawHeaders, 'content-md5').filter((value) => value !== '')
  if (given === undefined) return undefined
  const digest = Buffer.from(given, 'base64')
  if (digest.length === 16) return digest.toString('hex')
  throw new Fault('BadDigest', 'Content-MD5 must be an MD5 in base64.')
}

/** Passes a stream on and computes its checksum. */
export async function* withChecksum(
  stream: AsyncIterable<Uint8Array>,
  { update }: { readonly update: (chunk: Uint8Array) => void },
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of stream) {
    update(chunk)
    yield chunk
  }
}
