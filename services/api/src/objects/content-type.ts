import { buffer } from 'node:stream/consumers'
import type { ObjectStore } from '@kinoprint/objects'
import { fileTypeFromBuffer } from 'file-type'
import { LRUCache } from 'lru-cache'

/** How many first bytes of an object are read. Covers the brands of MP4 and the header of Matroska. */
const HEAD_BYTES = 4100
const UNKNOWN = 'application/octet-stream'
/** What browsers play and show. They must not run other content: SVG and HTML can contain scripts. */
const SHOWN = /^(?:video|audio)\/|^image\/(?:jpeg|png|gif|webp|avif|heic|bmp|tiff|jxl)$/

type ObjectVersion = {
  readonly bucket: string
  readonly object: string
  readonly etag: string
  readonly size: number
}

/** Finds out the content types of objects. */
export type ContentTypes = { of(version: ObjectVersion): Promise<string> }

/**
 * Recognises objects by their first bytes, because names are only claims. Everything but video, sound and pixel images
 * counts as `application/octet-stream`. Each version of an object is read once: players send many range requests.
 */
export function createContentTypes(objects: Pick<ObjectStore, 'read'>): ContentTypes {
  const known = new LRUCache<string, string>({ max: 10_000 })
  return {
    of: async ({ bucket, object, etag, size }) => {
      if (size === 0) return UNKNOWN
      const key = [bucket, object, etag].join('\0')
      const cached = known.get(key)
      if (cached !== undefined) return cached
      const found = await recognise(objects, bucket, object)
      known.set(key, found)
      return found
    },
  }
}

async function recognise(
  objects: Pick<ObjectStore, 'read'>,
  bucket: string,
  object: string,
): Promise<string> {
  const { stream } = await objects.read(bucket, object, { start: 0, end: HEAD_BYTES - 1 })
  const type = await fileTypeFromBuffer(await buffer(stream)).catch(() => undefined)
  return type !== undefined && SHOWN.test(type.mime) ? type.mime : UNKNOWN
}
