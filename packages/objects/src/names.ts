import { Fault } from '@kinoprint/core'

/** Bytes of UTF-8; the limit of S3 and of COS. */
const MAX_OBJECT_BYTES = 1024
/** Bytes of UTF-8; what file systems allow for one name. */
const MAX_SEGMENT_BYTES = 255
/** `name-appid` of COS and the names of S3. It begins with no dot, so hidden folders are never buckets. */
const BUCKET_PATTERN = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/

export const isBucket = (name: string): boolean => BUCKET_PATTERN.test(name) && !name.includes('..')

/** Throws InvalidArgument unless this may be a bucket's name. */
export const checkBucketName = (bucket: string): void => {
  if (isBucket(bucket)) return
  const rule = 'It has 1 to 63 of a-z, 0-9, - and ., and begins and ends with a letter or digit.'
  throw new Fault('InvalidArgument', `${quote(bucket)} is not a bucket name. ${rule}`)
}

/**
 * Throws InvalidArgument unless this may be an object's name. Names are compared as they are: characters that
 * merely look like dots or slashes are characters like any other, and nothing is decoded or normalised. Empty
 * segments (`a//b`, `a/`) are legal, as in S3 and COS; a folder cannot hold them, which `hasEmptySegment` tells.
 */
export const checkObjectName = (object: string): void => {
  const fault = faultOf(object)
  if (fault === undefined) return
  throw new Fault('InvalidArgument', `${quote(object)} is not an object name: ${fault}.`)
}

/** Whether a name has two slashes in a row or ends in one. */
export const hasEmptySegment = (object: string): boolean => object.split('/').includes('')

const faultOf = (object: string): string | undefined => {
  if (object === '') return 'it is empty'
  if (Buffer.byteLength(object) > MAX_OBJECT_BYTES) return `it is longer than ${MAX_OBJECT_BYTES} bytes`
  // Half a surrogate pair has no UTF-8 form.
  if (Buffer.from(object).toString() !== object) return 'it is not valid Unicode'
  if (object.includes('\0')) return 'it holds a NUL character'
  if (object.includes('\\')) return 'it holds a backslash'
  if (object.startsWith('/')) return 'it begins with a slash'
  const segments = object.split('/')
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'it has a segment . or ..'
  if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES)) {
    return `it has a segment longer than ${MAX_SEGMENT_BYTES} bytes`
  }
  return undefined
}

const quote = (name: string): string => JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name)
