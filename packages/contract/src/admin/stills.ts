import { z } from 'zod'
import { adminRoutesOf } from './route.ts'

const jpeg = { bytes: 'image/jpeg' } as const

/** Pictures of videos that the API decodes while a client waits. */
export const stillRoutes = adminRoutesOf({
  getStill: {
    method: 'get',
    path: '/admin/stills/{bucket}/{+object}',
    summary: 'Decode the frame that a player shows at a time',
    query: z.object({
      t: z.coerce
        .number()
        .min(0)
        .max(1_000_000)
        .default(0)
        .describe('Seconds. A time after the end shows the last frame.'),
      width: z
        .enum(['160', '320', '640', '1280'])
        .default('320')
        .transform(Number)
        .describe('In pixels. A still is never wider than the video.'),
    }),
    answers: { 200: jpeg, 304: null },
    errors: {
      400: 'The object is not a video that ffmpeg can read.',
      404: 'The object does not exist.',
      409: 'The object was replaced during the request.',
      429: 'Too many stills are being made. Retry-After says when to try again.',
      501: 'The server has no ffmpeg.',
    },
  },
})
