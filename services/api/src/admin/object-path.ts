import { Fault } from '@kinoprint/core'
import { splitTarget } from '../http/request-target.ts'

const OBJECT_PATH = /^\/admin\/objects\/([^/]+)\/(.+)$/s

/**
 * Bucket and object of `/admin/objects/:bucket/<object>`, from the target as received: a router would decode
 * segment by segment and drop what stands at the end. Whether they are names at all is for the object store.
 */
export const objectPath = (target: string): { bucket: string; object: string } => {
  const [, bucket = '', object = ''] = OBJECT_PATH.exec(splitTarget(target).path) ?? []
  if (object === '') throw new Fault('InvalidArgument', 'The path names no object.')
  return { bucket: decodeURIComponent(bucket), object: decodeURIComponent(object) }
}
