import { Fault } from '@kinoprint/core'
import { findVideosOfObjects } from '@kinoprint/store'
import { parseRange } from '../http/parse-range.ts'
import { sendNotModified } from '../http/send.ts'
import { sendStream } from '../http/send-stream.ts'
import { watchForStall } from '../http/stall-guard.ts'
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
  const { 'content-length': length } = req.headers
  const aborted = new AbortController()
  const abort = (message: string) => aborted.abort(new Fault('InvalidContent', message))
  req.on('close', () => {
    if (!req.complete) abort('The connection closed before the body ended. Send it again.')
  })
  const stopWatching = watchForStall(req.socket, () =>
    abort('The upload stalled for a minute. Send it again.'),
  )
  const { size, etag } = await objects
    .write(bucket, object, req.iterator({ destroyOnReturn: false }), {
      contentLength: length === undefined ? undefined : Number(length),
      signal: aborted.signal,
    })
    .finally(stopWatching)
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
  const { size, etag, lastModified } = await objects.head(bucket, object)
  res.setHeader('Accept-Ranges', 'bytes')
  res.setHeader('ETag', etag)
  res.setHeader('Last-Modified', lastModified.toUTCString())
  res.setHeader('Cache-Control', 'private, max-age=3600')
  // Uploads are untrusted: a browser must not run one as a page of this server.
  res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox")
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  if (req.fresh) {
    sendNotModified(res)
    return
  }
  const contentType = await contentTypes.of({ bucket, object, etag, size })
  const ifRange = req.headers['if-range']
  const isSameVersion = ifRange === undefined || ifRange === etag || ifRange === lastModified.toUTCString()
  const wanted = isSameVersion ? req.headers.range : undefined
  // Required in the response to an unsatisfiable range, and forbidden for a whole object.
  res.setHeader('Content-Range', `bytes */${size}`)
  const range = parseRange(wanted, size)
  if (range === null) res.removeHeader('Content-Range')
  else res.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${size}`)
  await sendStream(req, res, {
    status: range === null ? 200 : 206,
    contentType,
    sizeBytes: range === null ? size : range.end - range.start + 1,
    open: async () => (await objects.read(bucket, object, range ?? undefined)).stream,
  })
}

/** Videos that were stored from the object stay in their libraries. */
export async function deleteObject(
  { objects }: Objects,
  { params: { bucket, object } }: JsonRequest<'deleteObject'>,
): Answer<'deleteObject'> {
  await objects.remove(bucket, object)
  return undefined
}
