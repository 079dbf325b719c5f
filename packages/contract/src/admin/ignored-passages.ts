import { z } from 'zod'
import {
  count,
  exampleIds,
  fraction,
  INVALID_BODY,
  id,
  isoTime,
  pageOf,
  pageQuery,
  queryFlag,
  seconds,
  text,
} from './fields.ts'
import { adminRoutesOf } from './route.ts'

const LEAST_SECONDS = 0.5
const MOST_SECONDS = 600

const newIgnoredPassage = z
  .strictObject({
    videoId: id,
    start: seconds,
    end: seconds,
    everywhere: z
      .boolean()
      .default(false)
      .describe('Also where the fingerprint of the passage is found in other videos, and in queries.'),
    note: text(2000).optional(),
  })
  .refine(({ start, end }) => end - start >= LEAST_SECONDS && end - start <= MOST_SECONDS, {
    path: ['end'],
    message: `must be ${LEAST_SECONDS} to ${MOST_SECONDS} s after start`,
  })
  .meta({
    id: 'NewIgnoredPassage',
    examples: [{ videoId: exampleIds.video, start: 0, end: 8.4, everywhere: true, note: 'ident of 2025' }],
  })

const example = {
  ignoredId: 'ig4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c',
  dnaDbId: exampleIds.library,
  videoId: exampleIds.video,
  bucket: 'films-125',
  object: 'channel-ident-2025.mp4',
  videoDeleted: false,
  start: 0,
  end: 8.4,
  everywhere: true,
  note: 'ident of 2025',
  by: 'Li',
  createdAt: '2026-01-02T03:04:05.678Z',
  state: 'Active',
  alsoIn: 31,
  hidden: 14,
  shortened: 2,
}

export const ignoredPassage = z
  .object({
    ignoredId: z.string(),
    dnaDbId: z.string(),
    videoId: z.string(),
    bucket: z.string(),
    object: z.string(),
    videoDeleted: z.boolean().describe('Whether the library no longer holds this content.'),
    start: seconds,
    end: seconds,
    everywhere: z.boolean(),
    note: z.string().nullable(),
    by: z.string().nullable().describe('The name of the person, or the one given with the admin token.'),
    createdAt: isoTime,
    state: z
      .enum(['Searching', 'Active', 'Failed'])
      .describe(
        'Searching: a worker looks for it in other videos. Failed: it applies to its own video only.',
      ),
    alsoIn: count.nullable().describe('Number of other videos that hold it. Null while Searching.'),
    hidden: count.describe('Open matches that it hides.'),
    shortened: count.describe('Open matches that it makes shorter.'),
  })
  .meta({
    id: 'IgnoredPassage',
    examples: [example],
  })

const preview = z
  .object({
    hidden: count.describe('Open matches that would be hidden.'),
    shortened: count.describe('Open matches that would lose this passage and stay open.'),
    confirmedKept: count.describe('Confirmed matches that it touches, which stay as they are.'),
    alsoIn: count
      .nullable()
      .describe('Number of other videos that hold it. Null if a worker is still looking: ask again.'),
  })
  .meta({ id: 'IgnoredPreview' })

const detail = ignoredPassage
  .extend({
    positions: z
      .array(
        z.object({ videoId: z.string(), object: z.string(), start: seconds, end: seconds, score: fraction }),
      )
      .describe('Where else it is, best score first, at most 100.'),
  })
  .meta({
    id: 'IgnoredPassageDetail',
    examples: [
      {
        ...example,
        positions: [{ videoId: exampleIds.video, object: 'a/film.mp4', start: 2.1, end: 10.5, score: 0.981 }],
      },
    ],
  })

const suggestion = z
  .object({
    videoId: z.string(),
    bucket: z.string(),
    object: z.string(),
    start: seconds,
    end: seconds,
    videos: count.describe('How many stored videos hold it, with this one.'),
    positions: z
      .array(z.object({ videoId: z.string(), object: z.string(), start: seconds, end: seconds }))
      .describe('Where others hold it; at most 10.'),
  })
  .meta({ id: 'IgnoredSuggestion' })

const suggestions = z.object({ items: z.array(suggestion) }).meta({
  id: 'IgnoredSuggestions',
  examples: [
    {
      items: [
        {
          ...{ videoId: exampleIds.video, bucket: 'films-125', object: 'a/film.mp4', start: 2.1, end: 10.5 },
          videos: 31,
          positions: [{ videoId: exampleIds.video, object: 'b/film.mp4', start: 0, end: 8.4 }],
        },
      ],
    },
  ],
})

const IGNORED = '/admin/libraries/{dnaDbId}/ignored'
const MISSING = 'The library has no such ignored passage.'

/** Passages that searches of a library do not report. */
export const ignoredPassageRoutes = adminRoutesOf({
  listIgnoredPassages: {
    method: 'get',
    role: 'viewer',
    path: IGNORED,
    summary: 'List the ignored passages of a library, newest first',
    query: pageQuery.extend({ videoId: id.optional().describe('Only those of this video.') }),
    answers: { 200: pageOf('IgnoredPassagePage', ignoredPassage) },
    errors: { 404: 'The library does not exist.' },
  },
  ignorePassage: {
    method: 'post',
    role: 'reviewer',
    path: IGNORED,
    summary: 'Ignore a passage in later and earlier searches; with dryRun, only show what that would do',
    query: z.object({ dryRun: queryFlag }),
    body: newIgnoredPassage,
    answers: {
      200: z.union([ignoredPassage, preview]).meta({ id: 'IgnoredPassageOrPreview', examples: [example] }),
    },
    errors: {
      400: INVALID_BODY,
      404: 'The library holds no such video.',
      409: 'The range is ignored already.',
    },
  },
  suggestIgnoring: {
    method: 'get',
    role: 'viewer',
    path: `${IGNORED}-suggestions`,
    summary: 'Suggest passages to ignore: those that three or more videos of the library share',
    answers: { 200: suggestions },
    errors: { 404: 'The library does not exist.' },
  },
  getIgnoredPassage: {
    method: 'get',
    role: 'viewer',
    path: `${IGNORED}/{ignoredId}`,
    summary: 'Show an ignored passage and where else it is',
    answers: { 200: detail },
    errors: { 404: MISSING },
  },
  restorePassage: {
    method: 'delete',
    role: 'reviewer',
    path: `${IGNORED}/{ignoredId}`,
    summary: 'Restore an ignored passage: what it took away counts again at once',
    answers: { 204: null },
    errors: { 404: MISSING },
  },
})
