import { findVideosOfObjects } from '@kinoprint/store'
import { receiveBody } from '../http/receive-body.ts'
import { sendObject } from '../objects/send-object.ts'
import type { AdminContext, Answer, ByteRequest, JsonRequest } from './handler.ts'

type Objects = Pick<AdminContext, 'objects'>

/** Maximum number of libraries listed with each object. */
const STORED_IN_MAX = 10

export async function listObjects(
  { db, objects, objectListings }: Objects & Pick<AdminContext, 'db' | 'objectListings'>,
  { params: { bucket }, query, client }: JsonRequest<'listObjects'>,
): Answer<'listObjects'> {
  const { page, pageSize } = query
  const { items, total, prefixes } = await objectListings.run(client, () => objects.list(bucket, query))
  const stored = await findVideosOfObjects(db, { bucket, objects: items.map(({ object }) => object) })
  const rows = items.map(({ object, size, etag, lastModified }) => ({
    object,
    size,
    etag: etag ?? null,
    lastModified: lastModified.toISOString(),
    storedIn: stored
      .filter((video) => video.object === object)
      .slice(0, STORED_IN_MAX)
      .map(({ dnaDbId, videoId }) => ({ dnaDbId, videoId })),
  }))
  return { items: rows, prefixes: page === 1 ? [...prefixes] : [], total, page, pageSize }
}

/** Streams the body into the store. An existing object is replaced only when the body is complete. */
export async function putObject(
  { objects }: Objects,
  { params: { bucket, object }, req }: ByteRequest<'putObject'>,
): Answer<'putObject'> {
  const { size, etag } = await receiveBody(req, ({ stream, ...options }) =>
    objects.write(bucket, object, stream, options),
  )
  return { bucket, object, size, etag }
}

/**
 * Sends the whole object, or the single byte range that the request names. Browsers may keep it for an hour, because
 * players would otherwise fetch each passage again.
 */
export async function getObject(
  { objects, contentTypes }: Objects & Pick<AdminContext, 'contentTypes'>,
  { params: { bucket, object }, req, res }: ByteRequest<'getObject'>,
): Answer<'getObject'> {
  res.setHeader('Cache-Control', 'private, max-age=3600')
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  await sendObject({ objects, contentTypes }, { bucket, object, req, res })
}

/** Videos that were stored from the object stay in their libraries. */
export async function deleteObject(
  { objects }: Objects,
  { params: { bucket, object } }: JsonRequest<'deleteObject'>,
): Answer<'deleteObject'> {
  await objects.remove(bucket, object)
  return undefined
}
