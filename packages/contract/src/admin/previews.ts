import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { bucketName, count, fraction, text } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const newPreview = z
  .strictObject({ bucket: bucketName, object: text(limits.objectBytesMax).min(1) })
  .meta({ id: 'NewPreview', examples: [{ bucket: 'films-125', object: 'a/film.mp4' }] })

const preview = z
  .object({
    previewId: z.string().describe('The same for the same content of the same object.'),
    state: z.enum(['waiting', 'running', 'ready', 'failed']),
    progress: fraction,
    message: z.string().nullable().describe('Why it failed, and what to do.'),
    bytes: count.nullable().describe('The size of the file once it is ready.'),
  })
  .meta({
    id: 'Preview',
    examples: [
      {
        previewId: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        state: 'running',
        progress: 0.4,
        message: null,
        bytes: null,
      },
    ],
  })

const PREVIEW = '/admin/previews/{previewId}'
const MISSING = 'The preview was never started, or has been removed. Start it again.'

/** Videos encoded for browsers that cannot play the file. */
export const previewRoutes = adminRoutesOf({
  startPreview: {
    method: 'post',
    role: 'viewer',
    path: '/admin/previews',
    summary: 'Encode an object as H.264 and AAC, at most 720p; kept for a week after its last use',
    body: newPreview,
    answers: { 202: preview },
    errors: {
      404: 'The object does not exist.',
      429: 'Too many previews are being made. Retry-After says when to try again.',
      501: 'The server has no ffmpeg.',
    },
  },
  getPreview: {
    method: 'get',
    role: 'viewer',
    path: PREVIEW,
    summary: 'Show the progress of a preview',
    answers: { 200: preview },
    errors: { 404: MISSING },
  },
  getPreviewVideo: {
    method: 'get',
    role: 'viewer',
    path: `${PREVIEW}/preview.mp4`,
    summary: 'Read a preview, or a range of its bytes',
    answers: { 200: { bytes: 'video/mp4' }, 206: { bytes: 'video/mp4' }, 304: null },
    errors: { 404: MISSING, 416: 'The range is outside the preview.' },
  },
})
