import { Fault } from '@kinoprint/core'

/** Maximum length of an object name, in bytes of UTF-8: the limit of S3 and COS. */
const MAX_OBJECT_BYTES = 1024
/** Maximum length of a segment, in bytes of UTF-8: the limit of file systems for one name. */
const MAX_SEGMENT_BYTES = 255
/** `name-appid` as in COS, and the names of S3. They do not start with a dot, so hidden folders are never buckets. */
const BUCKET_PATTERN = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/

export function isBucketName(name: string): boolean {
  return BUCKET_PATTERN.test(name) && !name.includes('..')
}

/** Throws Fault InvalidArgument unless this is a valid bucket name: 1 to 63 of a-z, 0-9, `-` and `.`. */
export function checkBucketName(bucket: string): void {
  if (isBucketName(bucket)) return
  const rule = 'Use 1 to 63 of a-z, 0-9, - and ., with a letter or digit at both ends.'
  throw new Fault('InvalidArgument', `${quote(bucket)} is not a bucket name. ${rule}`)
}

/**
 * Throws Fault InvalidArgument unless this is a valid object name of 1 to 1024 bytes. Names are compared unchanged:
 * nothing is decoded or normalised, and characters that look like dots or slashes are ordinary characters. Empty
 * segments (`a//b`, `a/`) are valid, as in S3 and COS, but a folder cannot store them (see hasEmptySegment).
 */
export function checkObjectName(object: string): void {
  const problem = problemOf(object)
  if (problem === undefined) return
  throw new Fault('InvalidArgument', `${quote(object)} is not an object name: ${problem}.`)
}

/** Whether a name has two slashes in a row or ends in one. */
export function hasEmptySegment(object: string): boolean {
  return object.split('/').includes('')
}

function problemOf(object: string): string | undefined {
  if (object === '') return 'it is empty'
  if (Buffer.byteLength(object) > MAX_OBJECT_BYTES) return `it is longer than ${MAX_OBJECT_BYTES} bytes`
  // An unpaired surrogate has no UTF-8 form.
  if (Buffer.from(object).toString() !== object) return 'it is not valid Unicode'
  if (object.includes('\0')) return 'it contains a NUL character'
  if (object.includes('\\')) return 'it contains a backslash'
  if (object.startsWith('/')) return 'it starts with a slash'
  const segments = object.split('/')
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'it has a segment . or ..'
  if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES)) {
    return `it has a segment longer than ${MAX_SEGMENT_BYTES} bytes`
  }
  return undefined
}

function quote(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name)
}
