import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { count, exampleIds, isoTime, pageOf, pageQuery, rangeOf, seconds, text } from './fields.ts'
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
    codec: z
      .string()
      .nullable()
      .describe('The name that ffprobe gives the codec. Null if it was stored before this was recorded.'),
    fps: z.number().min(0).nullable().describe('Frames per second.'),
    bytes: count.nullable().describe('The size of the file.'),
    matches: z
      .object({ open: count, all: count.describe('Without undecided near misses.') })
      .describe('Matches in which it is the reference.'),
    objectGone: z
      .boolean()
      .nullable()
      .describe(
        'Whether its object has been deleted, up to a minute ago. Null if the store did not answer in time.',
      ),
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
        codec: 'h264',
        fps: 25,
        bytes: 73_400_320,
        matches: { open: 2, all: 41 },
        objectGone: false,
        createdAt: '2026-01-02T03:04:05.678Z',
      },
    ],
  })

const heat = z
  .object({
    durationSeconds: seconds,
    columnSeconds: seconds.describe('The length of one part.'),
    counts: z.array(count).describe('How many open and confirmed matches have a passage in each part.'),
    max: count.describe('The largest of the counts.'),
    matches: count.describe('How many matches were counted, the newest 10,000 at most.'),
  })
  .meta({
    id: 'Heat',
    examples: [{ durationSeconds: 90, columnSeconds: 30, counts: [0, 3, 1], max: 3, matches: 3 }],
  })

const VIDEO = '/admin/libraries/{dnaDbId}/videos/{videoId}'
const MISSING = 'The library holds no such video.'
const NO_THUMBNAILS = 'The library holds no such video, or the video has no thumbnails.'

export const videoRoutes = adminRoutesOf({
  listVideos: {
    method: 'get',
    role: 'viewer',
    path: '/admin/libraries/{dnaDbId}/videos',
    summary: 'List the videos of a library',
    query: pageQuery.extend({
      object: text(limits.objectBytesMax).optional().describe('Only the video of this object.'),
      q: text(limits.objectBytesMax)
        .optional()
        .describe('Only objects whose name contains this, in any case.'),
      hasAudio: z
        .enum(['true', 'false'])
        .transform((value) => value === 'true')
        .optional()
        .describe('Only videos with sound, or without.'),
      seconds: rangeOf('Only videos with a length in seconds', '60-600').optional(),
      order: z
        .enum(['newest', 'oldest', 'name', 'longest', 'shortest'])
        .default('newest')
        .describe('`newest` and `oldest` go by when they were stored.'),
    }),
    answers: { 200: pageOf('VideoPage', video) },
    errors: { 404: 'The library does not exist.' },
  },
  getVideo: {
    method: 'get',
    role: 'viewer',
    path: VIDEO,
    summary: 'Show a video',
    answers: { 200: video },
    errors: { 404: MISSING },
  },
  deleteVideo: {
    method: 'delete',
    role: 'operator',
    path: VIDEO,
    summary: 'Delete a video, which no search matches from then on',
    answers: { 204: null },
    errors: { 404: MISSING },
  },
  getHeat: {
    method: 'get',
    role: 'viewer',
    path: `${VIDEO}/heat`,
    summary: 'Show how often each part of a video was matched',
    query: z.object({
      columns: z.coerce.number().int().min(1).max(1000).default(300).describe('The number of equal parts.'),
    }),
    answers: { 200: heat },
    errors: { 404: MISSING },
  },
  getPoster: {
    method: 'get',
    role: 'viewer',
    path: `${VIDEO}/poster.jpg`,
    summary: 'The poster image of a video',
    answers: { 200: { bytes: 'image/jpeg' } },
    errors: { 404: NO_THUMBNAILS },
  },
  getSprite: {
    method: 'get',
    role: 'viewer',
    path: `${VIDEO}/sprite.jpg`,
    summary: 'The thumbnails of a video in one image',
    answers: { 200: { bytes: 'image/jpeg' } },
    errors: { 404: NO_THUMBNAILS },
  },
  getSpriteIndex: {
    method: 'get',
    role: 'viewer',
    path: `${VIDEO}/sprite.json`,
    summary: 'The time of each thumbnail in sprite.jpg',
    answers: { 200: { bytes: 'application/json' } },
    errors: { 404: NO_THUMBNAILS },
  },
})
