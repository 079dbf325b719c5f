import { createReadStream } from 'node:fs'
import type { S3 } from '@aws-sdk/client-s3'
import { Fault } from '@kinoprint/core'
import { publicReason } from '../object-faults.ts'
import { statusOf } from './s3-client.ts'

/** Bytes. The limit of one PutObject. */
export const MAX_PUT_BYTES = 5 * 1024 ** 3
/** Bytes. 10,000 parts, the limit of S3, hold 640 GB. */
const PART_BYTES = 64 * 1024 ** 2
const PUT_ATTEMPTS = 3

export type FileToPut = {
  readonly bucket: string
  readonly object: string
  readonly path: string
  readonly size: number
  /** Bytes. A larger file is sent in parts. */
  readonly maxPutBytes: number
}

/** Sends a file as an object, and returns its ETag if the store states one. Throws an SDK error or Fault ServiceUnavailable. */
export function putFile(s3: S3, file: FileToPut): Promise<string | undefined> {
  return file.size <= file.maxPutBytes ? putWhole(s3, file) : putInParts(s3, file)
}

async function putWhole(s3: S3, { bucket, object, path, size }: FileToPut): Promise<string | undefined> {
  const request = { Bucket: bucket, Key: object, ContentLength: size, ContentType: contentType(object) }
  return (await putWithRetry(() => s3.putObject({ ...request, Body: createReadStream(path) }))).ETag
}

/** The store keeps the parts of an upload that is neither completed nor aborted, so a failed one is aborted. */
async function putInParts(s3: S3, file: FileToPut): Promise<string | undefined> {
  const { bucket, object } = file
  const key = { Bucket: bucket, Key: object }
  const { UploadId } = await s3.createMultipartUpload({ ...key, ContentType: contentType(object) })
  const upload = { ...key, UploadId }
  try {
    const Parts = await putParts(s3, file, upload)
    await s3.completeMultipartUpload({ ...upload, MultipartUpload: { Parts } })
  } catch (error) {
    await s3.abortMultipartUpload(upload).catch(() => undefined)
    throw error
  }
  // Ceph states no ETag when an upload is completed.
  return (await s3.headObject(key)).ETag
}

type Upload = { readonly Bucket: string; readonly Key: string; readonly UploadId: string | undefined }

async function putParts(s3: S3, { path, size, maxPutBytes }: FileToPut, upload: Upload) {
  const partBytes = Math.min(PART_BYTES, maxPutBytes)
  const parts: { readonly PartNumber: number; readonly ETag: string | undefined }[] = []
  for (let start = 0; start < size; start += partBytes) {
    const end = Math.min(size, start + partBytes) - 1
    const PartNumber = parts.length + 1
    const request = { ...upload, PartNumber, ContentLength: end + 1 - start }
    const { ETag } = await putWithRetry(() =>
      s3.uploadPart({ ...request, Body: createReadStream(path, { start, end }) }),
    )
    parts.push({ PartNumber, ETag })
  }
  return parts
}

function contentType(object: string): string {
  return object.toLowerCase().endsWith('.mp4') ? 'video/mp4' : 'application/octet-stream'
}

/** The SDK does not retry a request whose body is a stream, but a file can be sent again. */
async function putWithRetry<T>(put: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await put()
    } catch (cause) {
      const status = statusOf(cause)
      if (status !== undefined && status < 500) throw cause
      if (attempt < PUT_ATTEMPTS) continue
      const message = `The S3-compatible store did not accept the object (${publicReason(cause)}). Try again later.`
      throw new Fault('ServiceUnavailable', message, { cause })
    }
  }
}
