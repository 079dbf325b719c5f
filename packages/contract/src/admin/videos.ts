import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { count, exampleIds, isoTime, pageOf, pageQuery, seconds, text } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const video = z
  .object({
    videoId: z.string(),
    bucket: z.string(),
    object: z.string(),
    etag: z.string().describe('With its double quotes.'),
    durationSeconds: seconds,
    width: count,
    height: count,
    hasAudio: z.boolean(),
    frameCount: count.describe('The number of sampled frames.'),
    createdAt: isoTime,
  })
  .meta({
    id: 'Video',
    examples: [
      {
        videoId: exampleIds.video,
        bucket: 'films-125',
        object: 'a/film.mp4',
        etag: '"0123456789abcdef0123456789abcdef"',
        durationSeconds: 93.4,
        width: 1920,
        height: 1080,
        hasAudio: true,
        frameCount: 374,
        createdAt: '2026-01-02T03:04:05.678Z',
      },
    ],
  })

const VIDEO = '/admin/libraries/{dnaDbId}/videos/{videoId}'
const MISSING = 'The library holds no such video.'
const NO_THUMBNAILS = 'The library holds no such video, or the video has no thumbnails.'

export const videoRoutes = adminRoutesOf({
  listVideos: {
    method: 'get',
    path: '/admin/libraries/{dnaDbId}/videos',
    summary: 'List the videos of a library',
    query: pageQuery.extend({
      object: text(limits.objectBytesMax).optional().describe('Only the video of this object.'),
    }),
    answers: { 200: pageOf('VideoPage', video) },
    errors: { 404: 'The library does not exist.' },
  },
  getVideo: {
    method: 'get',
    path: VIDEO,
    summary: 'Show a video',
    answers: { 200: video },
    errors: { 404: MISSING },
  },
  deleteVideo: {
    method: 'delete',
    path: VIDEO,
    summary: 'Delete a video, which no search matches from then on',
    answers: { 204: null },
    errors: { 404: MISSING },
  },
  getPoster: {
    method: 'get',
    path: `${VIDEO}/poster.jpg`,
    summary: 'The poster image of a video',
    answers: { 200: { bytes: 'image/jpeg' } },
    errors: { 404: NO_THUMBNAILS },
  },
  getSprite: {
    method: 'get',
    path: `${VIDEO}/sprite.jpg`,
    summary: 'The thumbnails of a video in one image',
    answers: { 200: { bytes: 'image/jpeg' } },
    errors: { 404: NO_THUMBNAILS },
  },
  getSpriteIndex: {
    method: 'get',
    path: `${VIDEO}/sprite.json`,
    summary: 'The time of each thumbnail in sprite.jpg',
    answers: { 200: { bytes: 'application/json' } },
    errors: { 404: NO_THUMBNAILS },
  },
})
