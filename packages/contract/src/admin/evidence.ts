import { z } from 'zod'
import { count, fraction, seconds } from './fields.ts'
import { box } from './job-result.ts'
import { adminRoutesOf } from './route.ts'

const bits = z.string().describe('Base64, one byte a step: differing bits; 255 if nothing was compared.')
const strip = {
  evidence: z.number().min(0).describe('The weight of the track; `score` follows from it.'),
  score: fraction,
  stepSeconds: seconds,
  start: z.number().describe('The query second of the first step.'),
  bits,
}

const picture = z.object({
  ...strip,
  method: z
    .enum(['frames', 'keypoints'])
    .describe('With `keypoints`, no hashed view shows the matching part, and `bits` only inform.'),
  rows: count.describe('Compared frames.'),
  alike: count.describe('Of them, those that differ in fewer bits than `alikeBits`.'),
  medianBits: count.nullable(),
  cosine: z.number().min(-1).max(1).describe('How far the two pictures move alike.'),
  movingBits: z.number().min(0).describe('Bits that change in a second, on the calmer side.'),
})

const sound = z.object({
  ...strip,
  items: count.describe('Compared items of the sound.'),
  meanBits: z.number().min(0).nullable(),
})

const passage = z.object({
  queryStart: seconds,
  queryEnd: seconds,
  refStart: seconds,
  refEnd: seconds,
  score: fraction,
  weak: z.boolean(),
  mirrored: z.boolean(),
  turn: z.literal([0, 90, 180, 270]),
  queryBox: box,
  refBox: box,
  line: z
    .object({ rate: z.number(), refAt: z.number() })
    .describe('Reference second = refAt + rate x (query second - queryStart).'),
  picture: picture.nullable(),
  sound: sound.nullable(),
})

const dots = z
  .object({
    columns: count,
    rows: count,
    queryStart: seconds,
    queryEnd: seconds,
    refStart: seconds,
    refEnd: seconds,
    picture: z
      .string()
      .describe(
        'Base64 of little-endian 16-bit words, row by row from the start of the reference: a level of 0 to 15 in the upper 4 bits, and how often it repeats in the lower 12.',
      ),
    sound: z.string().nullable(),
  })
  .describe(
    'Where the two videos are alike: a column for a stretch of the query, a row for one of the reference.',
  )

const thresholds = z.object({
  accept: fraction,
  weak: fraction,
  alikeBits: z.number(),
  unrelatedBits: z.number(),
  stillBits: z.number(),
  sameBits: z.number(),
  movingBits: z.number(),
  cosineFloor: z.number(),
  cosineFull: z.number(),
  soundBits: z.number(),
  unrelatedSoundBits: z.number(),
  halfPicture: z.number(),
  halfSound: z.number(),
})

const whyNot = z.object({
  step: z.enum([
    'confidence',
    'minSimilar',
    'policyConfidence',
    'policySeconds',
    'policyShare',
    'policyTrack',
  ]),
  has: z.union([z.number(), z.string()]),
  needs: z.union([z.number(), z.string()]),
  lacksSeconds: seconds
    .nullable()
    .describe('Further seconds like those of the best passage. Null if seconds would not help.'),
})

/** What a match rests on. The server sends it as it was stored, so no route validates it. */
export const matchEvidence = z
  .object({
    version: z.literal(1),
    queryDuration: seconds,
    refDuration: seconds,
    thresholds,
    passages: z.array(passage),
    decoded: z
      .array(z.object({ start: seconds, end: seconds }))
      .nullable()
      .describe('The ranges of the query that were decoded frame by frame. Null for all of it.'),
    dots,
    whyNot: whyNot.nullable(),
    reduced: z.boolean().describe('Whether parts are coarser or missing, to keep it under 500 kB.'),
  })
  .meta({ id: 'MatchEvidence' })

const second = z.coerce.number().min(0).max(86_400).optional()

/** The part of the dots to send. */
export const evidenceQuery = z.object({
  columns: z.coerce.number().int().min(1).max(512).optional().describe('The most columns of the dots.'),
  from: second.describe('The first query second of the dots.'),
  to: second.describe('The last query second of the dots.'),
})

const cells = z.coerce.number().int().min(1).max(512).optional()
const edge = z.coerce.number().min(0).max(86_400)

/** The window of both videos whose dots a view shows. */
const dotsQuery = z
  .object({
    from: edge.describe('The first query second.'),
    to: edge.describe('The last query second.'),
    refFrom: edge.describe('The first reference second.'),
    refTo: edge.describe('The last reference second.'),
    columns: cells.describe('The most columns, 512 at most.'),
    rows: cells.describe('The most rows, 512 at most.'),
  })
  .superRefine(({ from, to, refFrom, refTo }, context) => {
    if (from >= to) context.addIssue({ code: 'custom', path: ['to'], message: 'must be after from' })
    if (refFrom >= refTo)
      context.addIssue({ code: 'custom', path: ['refTo'], message: 'must be after refFrom' })
  })

const zoomedDots = dots
  .extend({
    source: z
      .enum(['fingerprints', 'evidence'])
      .describe(
        'With `fingerprints`, the dots were computed for this window. With `evidence`, they are the part of the stored dots that covers it.',
      ),
  })
  .meta({
    id: 'ZoomedDots',
    examples: [
      {
        ...{ columns: 160, rows: 160, queryStart: 280, queryEnd: 300, refStart: 0, refEnd: 20 },
        picture: '/w+hcP8PAAA=',
        sound: null,
        source: 'fingerprints',
      },
    ],
  })

/** Evidence of matches. */
export const evidenceRoutes = adminRoutesOf({
  getMatchEvidence: {
    method: 'get',
    role: 'viewer',
    path: '/admin/matches/{matchId}/evidence',
    summary:
      'Read what a match rests on: bits along each passage, dots, thresholds and what a near miss lacks',
    query: evidenceQuery,
    answers: { 200: { bytes: 'application/json' }, 304: null },
    errors: { 404: 'The match does not exist, or its evidence is not kept.' },
  },
  getMatchDots: {
    method: 'get',
    role: 'viewer',
    path: '/admin/matches/{matchId}/dots',
    summary:
      'Read the dots of a window of both videos, finer than in the evidence if both fingerprints are kept and neither side exceeds 10 minutes',
    query: dotsQuery,
    answers: { 200: zoomedDots },
    errors: { 404: 'The match does not exist, or its evidence is not kept.' },
  },
})
