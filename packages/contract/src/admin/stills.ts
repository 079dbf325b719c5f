import { z } from 'zod'
import { adminRoutesOf } from './route.ts'

const jpeg = { bytes: 'image/jpeg' } as const

const JOB = '/admin/jobs/{jobId}'
const NO_THUMBNAILS =
  'The job does not exist, or its thumbnails are not made yet or past QUERY_RETENTION_DAYS.'

/** Pictures of videos that the API decodes while a client waits. */
export const stillRoutes = adminRoutesOf({
  getStill: {
    method: 'get',
    role: 'viewer',
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
  getJobPoster: {
    method: 'get',
    role: 'viewer',
    path: `${JOB}/poster.jpg`,
    summary: 'The poster image of the video that a job read',
    answers: { 200: jpeg },
    errors: { 404: NO_THUMBNAILS },
  },
  getJobSprite: {
    method: 'get',
    role: 'viewer',
    path: `${JOB}/sprite.jpg`,
    summary: 'The thumbnails of the video that a job read, in one image',
    answers: { 200: jpeg },
    errors: { 404: NO_THUMBNAILS },
  },
  getJobSpriteIndex: {
    method: 'get',
    role: 'viewer',
    path: `${JOB}/sprite.json`,
    summary: 'The time of each thumbnail in sprite.jpg',
    answers: { 200: { bytes: 'application/json' } },
    errors: { 404: NO_THUMBNAILS },
  },
  getFilm: {
    method: 'get',
    role: 'viewer',
    path: '/admin/matches/{matchId}/film.jpg',
    summary: 'Frames of one passage of a match, side by side, each 160 pixels wide',
    query: z.object({
      passage: z.coerce
        .number()
        .int()
        .min(1)
        .max(100_000)
        .default(1)
        .describe('Counted from 1 in the order of the query.'),
      count: z.coerce.number().int().min(1).max(24).default(8).describe('The number of frames.'),
      side: z.enum(['query', 'reference']).default('query'),
    }),
    answers: { 200: jpeg, 304: null },
    errors: {
      404: 'The match or the passage does not exist, or its file and its thumbnails are gone.',
      429: 'Too many stills are being made. Retry-After says when to try again.',
    },
  },
})
