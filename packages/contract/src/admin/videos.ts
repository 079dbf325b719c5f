import { z } from 'zod'
import { count, isoTime, pageOf, pageQueryShape, seconds, text } from './fields.ts'

/** GET /admin/libraries/:dnaDbId/videos */
export const videosQuerySchema = z.object({
  ...pageQueryShape,
  object: text(1024).optional().describe('Only the video of this object.'),
})
export type VideosQuery = z.output<typeof videosQuerySchema>

export const videoSchema = z.object({
  videoId: z.string(),
  bucket: z.string(),
  object: z.string(),
  etag: z.string().describe('With its double quotes.'),
  durationSeconds: seconds,
  width: count,
  height: count,
  hasAudio: z.boolean(),
  frameCount: count.describe('Frames that were looked at.'),
  createdAt: isoTime,
})
export type VideoBody = z.output<typeof videoSchema>
export const videoPageSchema = pageOf(videoSchema)
