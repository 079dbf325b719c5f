import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { clientAddress } from '../http/client-address.ts'
import { sendNotModified } from '../http/send.ts'
import { sendStream } from '../http/send-stream.ts'
import { stillName } from '../pictures/stills.ts'
import type { AdminContext, Answer, ByteRequest } from './handler.ts'

/** Browsers may keep a still for an hour. */
export const KEEP = 'private, max-age=3600'

export async function getStill(
  { objects, stills }: Pick<AdminContext, 'objects' | 'stills'>,
  { params: { bucket, object }, query: { t, width }, req, res }: ByteRequest<'getStill'>,
): Answer<'getStill'> {
  const { etag } = await objects.head(bucket, object)
  res.setHeader('ETag', `"${stillName({ bucket, object, etag, width }, t)}"`)
  res.setHeader('Cache-Control', KEEP)
  if (req.fresh) {
    sendNotModified(res)
    return
  }
  const client = clientAddress(req)
  const [path] = await stills.get({ bucket, object, etag, times: [t], width, client })
  if (path === undefined) throw new Error('No still was made.')
  await sendStream(req, res, {
    contentType: 'image/jpeg',
    sizeBytes: (await stat(path)).size,
    open: async () => createReadStream(path),
  })
}
