import { z } from 'zod'
import { count, exampleIds, INVALID_BODY, id, isoTime, pageOf, pageQuery, seconds, text } from './fields.ts'
import { ignoredPassage } from './ignored-passages.ts'
import { adminRoutesOf } from './route.ts'

const heldPassage = z
  .object({
    heldId: z.string(),
    dnaDbId: z.string(),
    libraryName: z.string(),
    videoId: z.string(),
    bucket: z.string(),
    object: z.string(),
    videoDeleted: z.boolean().describe('Whether the library no longer holds this content.'),
    start: seconds,
    end: seconds,
    matches: count.describe('Different videos that had matched it when it was held back.'),
    createdAt: isoTime,
    hidden: count.describe('Open matches that it holds back.'),
    shortened: count.describe('Open matches that it makes shorter.'),
    examples: z
      .array(z.object({ matchId: z.string(), bucket: z.string(), object: z.string() }))
      .describe('The newest matches that it holds back, with the object that was searched with; at most 5.'),
  })
  .meta({
    id: 'HeldPassage',
    examples: [
      {
        heldId: 'hp4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c',
        dnaDbId: exampleIds.library,
        libraryName: 'films',
        videoId: exampleIds.video,
        bucket: 'films-125',
        object: 'a/film.mp4',
        videoDeleted: false,
        start: 0,
        end: 8.4,
        matches: 200,
        createdAt: '2026-01-02T03:04:05.678Z',
        hidden: 187,
        shortened: 13,
        examples: [{ matchId: exampleIds.match, bucket: 'uploads-125', object: 'b/clip.mp4' }],
      },
    ],
  })

const release = z
  .strictObject({
    exempt: z
      .boolean()
      .default(false)
      .describe('Never hold a passage of this video back again, as long as its content stays the same.'),
  })
  .meta({ id: 'HeldRelease', examples: [{ exempt: true }] })

const MISSING = 'There is no such held passage.'

/** Passages that the flood guard holds back. */
export const heldPassageRoutes = adminRoutesOf({
  listHeldPassages: {
    method: 'get',
    role: 'viewer',
    path: '/admin/held-passages',
    summary: 'List the passages that suddenly matched everything and are held back, newest first',
    query: pageQuery.extend({ library: id.optional().describe('Only those of this library.') }),
    answers: { 200: pageOf('HeldPassagePage', heldPassage) },
  },
  releasePassage: {
    method: 'post',
    role: 'reviewer',
    path: '/admin/held-passages/{heldId}/release',
    summary: 'Release a held passage: its matches count again at once and are no evidence any more',
    body: release,
    answers: { 204: null },
    errors: { 400: INVALID_BODY, 404: MISSING },
  },
  ignoreHeldPassage: {
    method: 'post',
    role: 'reviewer',
    path: '/admin/held-passages/{heldId}/ignore',
    summary: 'Ignore a held passage everywhere, as an ignored passage of its library',
    body: z
      .strictObject({ note: text(2000).optional() })
      .meta({ id: 'HeldIgnore', examples: [{ note: 'ident of 2025' }] }),
    answers: { 200: ignoredPassage },
    errors: {
      400: 'The passage is too long to be ignored.',
      404: MISSING,
      409: 'The range is ignored already.',
    },
  },
})
