import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { evidenceQuery } from './evidence.ts'
import {
  bucketName,
  exampleIds,
  exampleOf,
  fraction,
  INVALID_BODY,
  id,
  isoTime,
  nullableTime,
  pageOf,
  pageQuery,
  percent,
  seconds,
  text,
} from './fields.ts'
import { segment } from './job-result.ts'
import { adminRoutesOf } from './route.ts'

/** A side of a comparison that is an object. */
export const objectSide = z.strictObject({ bucket: bucketName, object: text(limits.objectBytesMax).min(1) })
/** A side of a comparison that is a stored video. */
export const videoSide = z.strictObject({ dnaDbId: id, videoId: id })
const uploadSide = z.strictObject({
  upload: z.literal(true),
  name: text(limits.objectBytesMax)
    .min(1)
    .optional()
    .describe('What to call it, such as the name of the file.'),
})

const side = z
  .union([objectSide, videoSide, uploadSide])
  .describe('An object, a stored video, or bytes that you send afterwards.')

const newComparison = z.strictObject({ query: side, reference: side }).meta({
  id: 'NewComparison',
  examples: [
    {
      query: { upload: true, name: 'clip.mp4' },
      reference: { dnaDbId: exampleIds.library, videoId: exampleIds.video },
    },
  ],
})

const comparedSide = z
  .object({
    source: z.enum(['object', 'video', 'upload']),
    bucket: z.string().describe('Where its bytes are.'),
    object: z.string(),
    dnaDbId: z.string().nullable().describe('The library of the stored video. Null for other sources.'),
    videoId: z.string().nullable(),
    name: z.string(),
    state: z.enum(['Waiting', 'Reading', 'Read']),
    progress: fraction.describe('Of reading this side.'),
    durationSeconds: seconds.nullable().describe('Null until it has been read.'),
    hasAudio: z.boolean().nullable(),
    file: z
      .enum(['there', 'gone', 'unknown'])
      .describe('`unknown`: not uploaded yet, or the store did not answer in time.'),
    thumbnails: z.boolean().describe('Whether the stored video has thumbnails. False for other sources.'),
  })
  .meta({ id: 'ComparedSide' })

/** What two videos share. */
export const comparisonResult = z
  .object({
    accepted: z.boolean().describe('Whether a search would report the pair.'),
    score: fraction,
    threshold: fraction.describe('The score from which a search reports a pair.'),
    similar: percent,
    audioSimilar: percent,
    queryCoverage: fraction,
    refCoverage: fraction,
    segments: z
      .array(segment)
      .describe('If the pair is not accepted, the strongest alignment below the threshold, or none.'),
    framesCompared: z
      .enum(['all', 'stored'])
      .nullish()
      .describe(
        'Of a picture and a video: `all` if every frame around the likeliest seconds was compared, `stored` if the file of the video is out of reach and only its fingerprint was. Null for other pairs.',
      ),
    why: z
      .object({
        reason: z.enum(['nothing', 'tooWeak']),
        lacks: fraction.describe('How much the score lacks.'),
        seconds: seconds.describe('How much of the query the strongest alignment covers.'),
        message: z.string(),
      })
      .nullable()
      .describe('Why the pair is not accepted. Null if it is.'),
  })
  .meta({
    id: 'ComparisonResult',
    examples: [
      {
        accepted: false,
        score: 0.31,
        threshold: 0.45,
        similar: 71,
        audioSimilar: 0,
        queryCoverage: 0.13,
        refCoverage: 0.04,
        segments: [],
        framesCompared: null,
        why: {
          reason: 'tooWeak' as const,
          lacks: 0.14,
          seconds: 4.2,
          message: 'The strongest alignment covers 4.2 s with confidence 0.310. A match needs 0.45.',
        },
      },
    ],
  })

const exampleSide = {
  source: 'upload' as const,
  bucket: 'kinoprint-1250000000',
  object: '.comparisons/cp4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c/query.mp4',
  dnaDbId: null,
  videoId: null,
  name: 'clip.mp4',
  state: 'Read' as const,
  progress: 1,
  durationSeconds: 31.2,
  hasAudio: true,
  file: 'there' as const,
  thumbnails: false,
}

const comparison = z
  .object({
    comparisonId: z.string(),
    state: z.enum(['Uploading', 'Waiting', 'Running', 'Success', 'Failed']),
    stage: z.enum(['', 'fetch', 'fingerprint', 'match']).describe('Empty unless it is running.'),
    query: comparedSide,
    reference: comparedSide,
    createdAt: isoTime,
    startedAt: nullableTime,
    endedAt: nullableTime,
    expiresAt: isoTime.describe('When it is deleted with its uploads: an hour after its last step.'),
    result: comparisonResult.nullable(),
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        side: z.enum(['query', 'reference']).nullable().describe('The side that could not be read.'),
      })
      .nullable(),
  })
  .meta({
    id: 'Comparison',
    examples: [
      {
        comparisonId: 'cp4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c',
        state: 'Success',
        stage: '',
        query: exampleSide,
        reference: {
          ...exampleSide,
          source: 'video',
          bucket: 'films-125',
          object: 'a/film.mp4',
          dnaDbId: exampleIds.library,
          videoId: exampleIds.video,
          name: 'a/film.mp4',
          durationSeconds: 93.4,
          thumbnails: true,
        },
        createdAt: '2026-01-02T03:04:05.678Z',
        startedAt: '2026-01-02T03:04:06.012Z',
        endedAt: '2026-01-02T03:04:08.377Z',
        expiresAt: '2026-01-02T04:04:08.377Z',
        result: exampleOf(comparisonResult),
        error: null,
      },
    ],
  })

const COMPARISON = '/admin/comparisons/{comparisonId}'
const MISSING = 'The comparison does not exist, or its hour is over.'
const bytes = { bytes: 'application/octet-stream' } as const

function upload(sideName: 'query' | 'reference') {
  return {
    method: 'put',
    role: 'reviewer',
    path: `${COMPARISON}/${sideName}`,
    summary: `Send the ${sideName} of a comparison as the request body`,
    body: bytes,
    answers: { 200: comparison },
    errors: { 404: MISSING, 409: 'That side is not an upload, or the comparison has started.' },
  } as const
}

function download(sideName: 'query' | 'reference') {
  return {
    method: 'get',
    role: 'viewer',
    path: `${COMPARISON}/${sideName}`,
    summary: `Read the video of the ${sideName}, or a range of its bytes`,
    answers: { 200: bytes, 206: bytes },
    errors: { 404: MISSING, 416: 'The range is outside the object.' },
  } as const
}

/** Comparisons of two videos outside any library. */
export const comparisonRoutes = adminRoutesOf({
  createComparison: {
    method: 'post',
    role: 'reviewer',
    path: '/admin/comparisons',
    summary: 'Compare two videos; a worker starts when both are there',
    body: newComparison,
    answers: { 201: comparison },
    errors: { 400: INVALID_BODY, 404: 'An object or a stored video does not exist.' },
  },
  listComparisons: {
    method: 'get',
    role: 'viewer',
    path: '/admin/comparisons',
    summary: 'List the comparisons of the last hour, newest first',
    query: pageQuery,
    answers: { 200: pageOf('ComparisonPage', comparison) },
  },
  getComparison: {
    method: 'get',
    role: 'viewer',
    path: COMPARISON,
    summary: 'Show a comparison, its progress and its result',
    answers: { 200: comparison },
    errors: { 404: MISSING },
  },
  deleteComparison: {
    method: 'delete',
    role: 'reviewer',
    path: COMPARISON,
    summary: 'Stop a comparison and delete it with its uploads',
    answers: { 204: null },
    errors: { 404: MISSING },
  },
  putComparisonQuery: upload('query'),
  putComparisonReference: upload('reference'),
  getComparisonQuery: download('query'),
  getComparisonReference: download('reference'),
  getComparisonEvidence: {
    method: 'get',
    role: 'viewer',
    path: `${COMPARISON}/evidence`,
    summary: 'Read what a comparison rests on, as for a match',
    query: evidenceQuery,
    answers: { 200: { bytes: 'application/json' }, 304: null },
    errors: { 404: 'The comparison does not exist, or has not succeeded.' },
  },
})
