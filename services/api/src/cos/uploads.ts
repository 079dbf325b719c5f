import { createHash } from 'node:crypto'
import {
  completedXml,
  type NamedPart,
  parseCompleteRequest,
  parsePartListQuery,
  parsePartNumber,
  parseUploadListQuery,
  partListXml,
  uploadListXml,
  uploadXml,
} from '@kinoprint/contract'
import { errorText, Fault } from '@kinoprint/core'
import { checkObjectName, createCrc64, newPartName, type ObjectStore } from '@kinoprint/objects'
import * as store from '@kinoprint/store'
import { readBody } from '../http/read-body.ts'
import { receiveBody } from '../http/receive-body.ts'
import { requestHost } from '../http/request-host.ts'
import { sendNoContent } from '../http/send.ts'
import { sendXml } from '../tencent/send-xml.ts'
import { type ObjectContext, type ObjectHandler, type ObjectRequest, queryValue } from './object-request.ts'
import { announcedMd5, requireLength, withChecksum } from './objects.ts'

/** Bytes of a request that names 10,000 parts. */
const COMPLETE_BYTES_MAX = 2 * 1024 * 1024
const MAX_PARTS = 10_000

/** POST ?uploads: begins an upload in parts. */
export const beginUpload: ObjectHandler = async ({ db }, { res, key, bucket, object }) => {
  checkObjectName(object)
  const upload = await store.createUpload(db, { bucket, object, secretId: key.secretId })
  sendXml(res, uploadXml(upload))
}

/** PUT ?partNumber&uploadId: receives a part. A part of the same number replaces the earlier one. */
export const putPart: ObjectHandler = async (context, request) => {
  const { db, objects } = context
  const { req, res, bucket, query } = request
  requireLength(req)
  const number = parsePartNumber(query)
  const { uploadId } = await uploadOf(context, request)
  const staged = newPartName()
  await store.beginPart(db, { uploadId, number, staged })
  const crc = createCrc64()
  try {
    const part = await receiveBody(req, ({ stream, ...options }) =>
      objects.parts.put(bucket, staged, withChecksum(stream, crc), { ...options, md5: announcedMd5(req) }),
    )
    const replaced = await store.finishPart(db, { staged, ...part })
    await removeParts(context, bucket, replaced ?? [staged])
    if (replaced === null) throw noSuchUpload(uploadId)
    res.setHeader('ETag', part.etag)
  } catch (error) {
    await store.forgetPart(db, staged).catch(() => undefined)
    throw error
  }
  res.setHeader('x-cos-hash-crc64ecma', crc.digest())
  sendXml(res, '')
}

/** POST ?uploadId: joins parts to the object. */
export const completeUpload: ObjectHandler = async (context, request) => {
  const { db, objects } = context
  const { req, res, bucket, object } = request
  const { uploadId } = await uploadOf(context, request)
  const named = parseCompleteRequest(await readBody(req, { maxBytes: COMPLETE_BYTES_MAX }))
  const parts = chosenParts(named, await store.listParts(db, { uploadId, after: 0, limit: 2 * MAX_PARTS }))
  const crc = createCrc64()
  const joined = withChecksum(joinParts(objects, bucket, parts), crc)
  const { etag } = await objects.write(bucket, object, joined, { etag: etagOfParts(parts) })
  await removeParts(context, bucket, (await store.endUpload(db, uploadId)) ?? [])
  res.setHeader('x-cos-hash-crc64ecma', crc.digest())
  const location = `${req.protocol}://${requestHost(req)}${encodeURI(`/${object}`)}`
  sendXml(res, completedXml({ location, bucket, object, etag }))
}

/** DELETE ?uploadId: ends an upload and removes its parts. */
export const abortUpload: ObjectHandler = async (context, request) => {
  const { uploadId } = await uploadOf(context, request)
  await removeParts(context, request.bucket, (await store.endUpload(context.db, uploadId)) ?? [])
  sendNoContent(request.res)
}

/** GET ?uploadId: the parts received so far. */
export const listUploadParts: ObjectHandler = async (context, request) => {
  const query = parsePartListQuery(request.query)
  const upload = await uploadOf(context, request)
  const { uploadId } = upload
  const found = await store.listParts(context.db, {
    uploadId,
    after: query.marker,
    limit: query.maxParts + 1,
  })
  const parts = found.slice(0, query.maxParts)
  sendXml(request.res, partListXml({ ...upload, query, parts, isTruncated: found.length > parts.length }))
}

/** GET ?uploads on a bucket: the uploads that have not been completed. */
export const listUploads: ObjectHandler = async ({ db }, { res, bucket, query }) => {
  const wanted = parseUploadListQuery(query)
  const { prefix, keyMarker, uploadIdMarker, maxUploads } = wanted
  const found = await store.listUploads(db, {
    bucket,
    prefix,
    // Without an upload id, the list continues after all uploads of the marked object.
    after: { object: keyMarker, uploadId: uploadIdMarker === '' ? '\u{10FFFF}' : uploadIdMarker },
    limit: maxUploads + 1,
  })
  const uploads = found.slice(0, maxUploads)
  const isTruncated = found.length > uploads.length
  sendXml(res, uploadListXml({ bucket, query: wanted, uploads, isTruncated }))
}

async function uploadOf(
  { db }: ObjectContext,
  { bucket, object, query }: ObjectRequest,
): Promise<store.Upload> {
  const uploadId = queryValue(query, 'uploadId') ?? ''
  const upload = await store.findUpload(db, { uploadId, bucket, object })
  if (upload === null) throw noSuchUpload(uploadId)
  return upload
}

function noSuchUpload(uploadId: string): Fault {
  return new Fault(
    'NoSuchUpload',
    `Upload ${uploadId} of this object does not exist, or has been completed or aborted.`,
  )
}

/** The received parts that a request names. Throws Fault InvalidPart if one is missing or has another ETag. */
function chosenParts(
  named: readonly NamedPart[],
  received: readonly store.UploadPart[],
): readonly store.UploadPart[] {
  const known = new Map(received.map((part) => [`${part.number} ${part.etag}`, part]))
  return named.map(({ number, etag }) => {
    const part = known.get(`${number} ${etag}`)
    if (part !== undefined) return part
    throw new Fault('InvalidPart', `Part ${number} with ETag ${etag} has not been received.`)
  })
}

/** The MD5 of the parts' MD5s, and their number, as in COS. */
function etagOfParts(parts: readonly store.UploadPart[]): string {
  const hash = createHash('md5')
  for (const { etag } of parts) hash.update(Buffer.from(etag.replaceAll('"', ''), 'hex'))
  return `"${hash.digest('hex')}-${parts.length}"`
}

async function* joinParts(
  objects: ObjectStore,
  bucket: string,
  parts: readonly store.UploadPart[],
): AsyncGenerator<Uint8Array, void> {
  for (const { staged } of parts) yield* await objects.parts.read(bucket, staged)
}

/** Removes staged parts. A failure leaves files behind, but does not undo the request. */
async function removeParts(
  { objects, log }: Pick<ObjectContext, 'objects' | 'log'>,
  bucket: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    await objects.parts.remove(bucket, name).catch((error: unknown) => {
      log.warn({ bucket, part: name, error: errorText(error) }, 'Could not remove a part of an upload')
    })
  }
}
