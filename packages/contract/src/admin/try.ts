import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { bucketName, exampleIds, isoTime, nullableTime, text } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const newTry = z
  .strictObject({
    bucket: bucketName.optional().describe('Default: DEFAULT_BUCKET.'),
    object: text(limits.objectBytesMax)
      .min(1)
      .optional()
      .describe(
        'An object that exists. Default: a generated video of 30 s. An object whose name begins with `try-it/` goes with the run.',
      ),
  })
  .meta({ id: 'NewTry', examples: [{}] })

const tryRun = z
  .object({
    dnaDbId: z.string().describe('The library of the run, named "Try it".'),
    bucket: z.string(),
    object: z.string().nullable().describe('The stored video, once it exists.'),
    copy: z
      .string()
      .nullable()
      .describe('The altered copy that is searched: mirrored, 1.1 times as fast, smaller, with a logo.'),
    state: z.enum(['running', 'done', 'failed']),
    steps: z
      .array(
        z.object({
          name: z.enum(['make', 'store', 'copy', 'search']),
          state: z.enum(['waiting', 'running', 'done', 'failed']),
          startedAt: nullableTime,
          endedAt: nullableTime,
        }),
      )
      .describe('In this order.'),
    storeJobId: z.string().nullable(),
    searchJobId: z.string().nullable(),
    matchId: z.string().nullable().describe('The best match of the search.'),
    message: z.string().nullable().describe('Why it failed, and what to do.'),
    createdAt: isoTime,
  })
  .meta({
    id: 'TryRun',
    examples: [
      {
        dnaDbId: exampleIds.library,
        bucket: 'films-125',
        object: 'try-it/original.mp4',
        copy: null,
        state: 'running',
        steps: [
          {
            name: 'make',
            state: 'running',
            startedAt: '2026-01-02T03:04:05.678Z',
            endedAt: null,
          },
        ],
        storeJobId: null,
        searchJobId: null,
        matchId: null,
        message: null,
        createdAt: '2026-01-02T03:04:05.678Z',
      },
    ],
  })

const NONE = 'There is no run.'

/** The first run of a new installation, without any footage. */
export const tryRoutes = adminRoutesOf({
  startTry: {
    method: 'post',
    role: 'operator',
    path: '/admin/try',
    summary: 'Store a video in a library of its own, and search for an altered copy of it',
    body: newTry,
    answers: { 202: tryRun },
    errors: {
      400: 'A name is invalid.',
      404: 'The object does not exist.',
      409: 'A run exists already.',
      501: 'The server has no ffmpeg.',
    },
  },
  getTry: {
    method: 'get',
    role: 'viewer',
    path: '/admin/try',
    summary: 'Show the run',
    answers: { 200: tryRun },
    errors: { 404: NONE },
  },
  deleteTry: {
    method: 'delete',
    role: 'operator',
    path: '/admin/try',
    summary: 'Stop the run, and delete its library, matches and objects',
    answers: { 204: null },
    errors: { 404: NONE },
  },
})
