import { parseTarget } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { splitPathStyle } from '../tencent/request-target-bucket.ts'

/** The object or bucket that a request names. */
export type ObjectTarget = {
  /** Null if neither host nor path names one: the key decides. */
  readonly bucket: string | null
  /** Empty for the bucket itself. */
  readonly object: string
}

const BUCKET_HOST = /^([a-z0-9][a-z0-9-]{0,59}-[0-9]{1,20})\.cos\.[a-z0-9-]{1,40}(?:[.:]|$)/i
const MEDIA_HOST = /\.ci\.[a-z0-9-]{1,40}(?:[.:]|$)/i
const BUCKET_PATH = /^\/([a-z0-9][a-z0-9-]{0,59}-[0-9]{1,20})(?:\/|$)/

/**
 * The target of an object call, from a host `<bucket>.cos.<region>.*` or a path `/<bucket>/…`; null for other requests. A
 * path in which a route of the compatible API follows the bucket belongs to that API.
 */
export function namedTargetOf(host: string, target: string): ObjectTarget | null {
  const bucket = BUCKET_HOST.exec(host)?.[1]?.toLowerCase()
  if (bucket !== undefined) return { bucket, object: objectOf(target) }
  const { rawPath } = parseTarget(target)
  const inPath = BUCKET_PATH.exec(rawPath)?.[1]
  if (inPath === undefined || isMediaHost(host) || splitPathStyle(target).bucket !== null) return null
  return { bucket: inPath, object: objectOf(target).slice(inPath.length + 1) }
}

/** The target of a request whose path is no route of this server. */
export function otherTargetOf(target: string): ObjectTarget {
  return { bucket: null, object: objectOf(target) }
}

/** Whether a host belongs to the compatible API alone. */
export function isMediaHost(host: string): boolean {
  return MEDIA_HOST.test(host)
}

/** The object's name: the decoded path without its first slash. Throws Fault InvalidArgument unless it is UTF-8. */
function objectOf(target: string): string {
  const { rawPath } = parseTarget(target)
  try {
    return decodeURIComponent(rawPath).slice(1)
  } catch (cause) {
    throw new Fault('InvalidArgument', 'The path is not percent-encoded UTF-8.', { cause })
  }
}
