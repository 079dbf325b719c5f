import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import { parseRange } from '../http/parse-range.ts'
import { sendNotModified } from '../http/send.ts'
import { sendStream } from '../http/send-stream.ts'
import type { AdminContext, Answer, ByteRequest, JsonRequest } from './handler.ts'

type Context = Pick<AdminContext, 'previews'>

/** Names of files in the cache. */
const PREVIEW_ID = /^[0-9a-f]{64}$/

export async function startPreview(
  { previews }: Context,
  { body: { bucket, object } }: JsonRequest<'startPreview'>,
): Answer<'startPreview'> {
  return previews.start(bucket, object)
}

export async function getPreview(
  { previews }: Context,
  { params: { previewId } }: JsonRequest<'getPreview'>,
): Answer<'getPreview'> {
  return (PREVIEW_ID.test(previewId) ? await previews.get(previewId) : null) ?? missing(previewId)
}

export async function getPreviewVideo(
  { previews }: Context,
  { params: { previewId }, req, res }: ByteRequest<'getPreviewVideo'>,
): Answer<'getPreviewVideo'> {
  const path = (PREVIEW_ID.test(previewId) ? await previews.pathOf(previewId) : null) ?? missing(previewId)
  const { size } = await stat(path)
  const etag = `"${previewId}"`
  res.setHeader('Accept-Ranges', 'bytes')
  res.setHeader('ETag', etag)
  res.setHeader('Cache-Control', 'private, max-age=3600')
  if (req.fresh) {
    sendNotModified(res)
    return
  }
  const ifRange = req.headers['if-range']
  res.setHeader('Content-Range', `bytes */${size}`)
  const range = parseRange(ifRange === undefined || ifRange === etag ? req.headers.range : undefined, size)
  if (range === null) res.removeHeader('Content-Range')
  else res.setHeader('Content-Range', `bytes ${range.start}-${range.end}/${size}`)
  await sendStream(req, res, {
    status: range === null ? 200 : 206,
    contentType: 'video/mp4',
    sizeBytes: range === null ? size : range.end - range.start + 1,
    open: async () => createReadStream(path, range ?? {}),
  })
}

function missing(previewId: string): never {
  const remedy = 'Start it with POST /admin/previews.'
  throw new Fault('NotFound', `Preview ${previewId.slice(0, 64)} is not ready. ${remedy}`)
}
