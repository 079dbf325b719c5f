import { z } from 'zod'
import { comparisonResult, objectSide, videoSide } from './comparisons.ts'
import { exampleIds, exampleOf, INVALID_BODY, seconds } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const URL_CHARACTERS_MAX = 4096
const TIMEOUT_SECONDS_MAX = 240

const urlSide = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(URL_CHARACTERS_MAX)
    .describe('Only public hosts, and those of INPUT_URL_ALLOW. Up to three redirects are followed.'),
})

const side = z.union([objectSide, videoSide, urlSide]).describe('An object, a stored video, or an address.')

const compare = z
  .strictObject({
    query: side,
    reference: side,
    timeoutSeconds: z.int().min(1).max(TIMEOUT_SECONDS_MAX).default(60),
  })
  .meta({
    id: 'Compare',
    examples: [
      {
        query: { url: 'https://cdn.example.com/clip.mp4' },
        reference: { dnaDbId: exampleIds.library, videoId: exampleIds.video },
      },
    ],
  })

const durations = {
  queryDuration: seconds.describe('Length of the query.'),
  refDuration: seconds.describe('Length of the reference.'),
}

const compared = z.object({ ...comparisonResult.shape, ...durations }).meta({
  id: 'Compared',
  examples: [{ ...exampleOf(comparisonResult), queryDuration: 31.2, refDuration: 93.4 }],
})

/** A comparison within one request. */
export const compareRoutes = adminRoutesOf({
  compare: {
    method: 'post',
    role: 'reviewer',
    path: '/admin/compare',
    summary: 'Compare two videos and answer with the result; nothing is kept',
    body: compare,
    answers: { 200: compared },
    errors: {
      400: `${INVALID_BODY} Or: a side is not a video, or its address is not allowed. The message names the side.`,
      404: 'An object, a stored video or a file at an address does not exist.',
      429: 'Too many comparisons are running.',
      502: 'A file could not be downloaded.',
      503: 'The comparison was not finished within `timeoutSeconds`.',
    },
  },
})
