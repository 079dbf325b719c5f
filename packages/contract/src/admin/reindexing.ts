import { z } from 'zod'
import {
  count,
  exampleIds,
  fraction,
  INVALID_BODY,
  id,
  isoTime,
  nullableTime,
  pageOf,
  pageQuery,
} from './fields.ts'
import { adminRoutesOf } from './route.ts'

const scope = z.enum(['outdated', 'all'])
const perMinute = z.int().min(1).max(100_000)

const runExample = {
  state: 'Running',
  scope: 'outdated',
  dnaDbId: null,
  videosPerMinute: 60,
  total: 1204,
  decoded: 310,
  rebuilt: 0,
  failed: 2,
  progress: 0.259,
  startedAt: '2026-01-02T03:04:05.678Z',
  endedAt: null,
} as const

const run = z
  .object({
    state: z.enum(['Running', 'Done', 'Stopped']),
    scope,
    dnaDbId: z.string().nullable().describe('Null for every library.'),
    videosPerMinute: perMinute.nullable().describe('Null for no limit.'),
    total: count.describe('Videos that it covers.'),
    decoded: count.describe('Videos whose fingerprint was made again from the object.'),
    rebuilt: count.describe('Videos whose index rows were made again from the stored fingerprint.'),
    failed: count.describe('Videos whose fingerprint stays outdated.'),
    progress: fraction,
    startedAt: isoTime,
    endedAt: nullableTime,
  })
  .meta({ id: 'Reindexing', examples: [runExample] })

const report = z
  .object({
    format: z.int().describe('The current version of fingerprints.'),
    indexVersion: z.int().describe('The current version of index rows.'),
    outdated: count.describe('Videos with a fingerprint or index rows of an older version.'),
    libraries: z
      .array(z.object({ dnaDbId: z.string(), name: z.string(), videos: count }))
      .describe('The libraries that hold them.'),
    last: run.nullable().describe('The last re-indexing; null if there has been none.'),
  })
  .meta({
    id: 'ReindexingReport',
    examples: [
      {
        format: 2,
        indexVersion: 1,
        outdated: 894,
        libraries: [{ dnaDbId: exampleIds.library, name: 'films', videos: 894 }],
        last: runExample,
      },
    ],
  })

const newReindexing = z
  .strictObject({
    scope: scope.default('outdated').describe('outdated: what has an older version. all: every video.'),
    dnaDbId: id.optional().describe('Default: every library.'),
    videosPerMinute: perMinute.optional().describe('Default: no limit.'),
  })
  .meta({ id: 'NewReindexing', examples: [{ scope: 'outdated', videosPerMinute: 60 }] })

const failure = z
  .object({
    videoId: z.string(),
    dnaDbId: z.string(),
    bucket: z.string(),
    object: z.string(),
    reason: z.string(),
  })
  .meta({
    id: 'ReindexingFailure',
    examples: [
      {
        videoId: exampleIds.video,
        dnaDbId: exampleIds.library,
        bucket: 'films-125',
        object: 'a/film.mp4',
        reason: 'The object has changed since it was stored. Store it again.',
      },
    ],
  })

/** Making fingerprints and index rows of older versions again, while searches go on. */
export const reindexingRoutes = adminRoutesOf({
  getReindexing: {
    method: 'get',
    role: 'viewer',
    path: '/admin/reindexing',
    summary: 'Show how many videos are outdated, and how far re-indexing is',
    answers: { 200: report },
  },
  startReindexing: {
    method: 'post',
    role: 'operator',
    path: '/admin/reindexing',
    summary: 'Start re-indexing. Workers continue it while searches go on',
    body: newReindexing,
    answers: { 201: run },
    errors: { 400: INVALID_BODY, 404: 'The library does not exist.', 409: 'Re-indexing is running already.' },
  },
  stopReindexing: {
    method: 'delete',
    role: 'operator',
    path: '/admin/reindexing',
    summary: 'Stop re-indexing. What is done stays',
    answers: { 200: run },
    errors: { 404: 'No re-indexing is running.' },
  },
  listReindexingFailures: {
    method: 'get',
    role: 'viewer',
    path: '/admin/reindexing/failures',
    summary: 'List the videos that the last re-indexing left as they were',
    query: pageQuery,
    answers: { 200: pageOf('ReindexingFailurePage', failure) },
  },
})
