import {
  ACCEPT_SCORE,
  DEFAULT_POLICY,
  NEAR_SCORE,
  policyTracks,
  storeDetails,
  storeModes,
} from '@kinoprint/core'
import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import {
  bucketName,
  count,
  exampleIds,
  fraction,
  INVALID_BODY,
  isoTime,
  pageOf,
  pageQuery,
  percent,
  queryFlag,
  regionName,
  seconds,
  text,
} from './fields.ts'
import { adminRoutesOf } from './route.ts'

const policyFields = {
  minSeconds: seconds.max(86_400).describe('Least seconds of the query that a reported pair shares.'),
  minShare: fraction.describe('Least share that a reported pair covers of either video.'),
  tracks: z.enum(policyTracks).describe('What must match in a reported pair.'),
  reportFrom: z.number().min(ACCEPT_SCORE).max(1).describe('The score from which a pair is reported.'),
  reviewFrom: z
    .number()
    .min(NEAR_SCORE)
    .max(1)
    .describe('The score from which a pair that is not reported is shown for review. At most `reportFrom`.'),
  keepFrom: z
    .number()
    .min(NEAR_SCORE)
    .max(1)
    .describe('The score from which a pair is kept as a near miss. At most `reviewFrom`.'),
}
const policy = z
  .object(policyFields)
  .describe('What searches of the library report, show for review and keep as near misses.')
  .meta({ id: 'Policy' })
/** Fields that are absent stay as they are, or have their defaults in a new library. */
const policyChanges = z
  .strictObject(policyFields)
  .partial()
  .meta({ id: 'PolicyChanges', examples: [{ minSeconds: 5, tracks: 'picture' }] })

const verdicts = z.object({ report: count, review: count, near: count, drop: count })
const kept = z.enum(['report', 'review', 'near'])
const policyPreview = z
  .object({
    since: isoTime,
    matches: count.describe('Matches and near misses that were judged; at most the newest 10,000.'),
    before: verdicts.describe('What became of them.'),
    after: verdicts.describe('What the policy would have made of them.'),
    confirmedLost: count.describe('Confirmed matches that it would not have reported.'),
    changed: z
      .array(
        z.object({
          matchId: z.string(),
          object: z.string().describe('Of the query.'),
          score: fraction,
          from: kept,
          to: z.enum(['report', 'review', 'near', 'drop']),
        }),
      )
      .describe('The strongest pairs whose verdict would differ; at most 20.'),
  })
  .meta({
    id: 'PolicyPreview',
    examples: [
      {
        since: '2025-12-03T03:04:05.678Z',
        matches: 96,
        before: { report: 40, review: 0, near: 56, drop: 0 },
        after: { report: 38, review: 0, near: 58, drop: 0 },
        confirmedLost: 1,
        changed: [
          {
            matchId: 'm4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c',
            object: 'uploads/clip.mp4',
            score: 0.512,
            from: 'report',
            to: 'near',
          },
        ],
      },
    ],
  })

const settings = {
  name: text(128).min(1).describe('The name of the library. No two libraries share one.'),
  description: text(1024),
  capacity: z.int().min(1).max(100_000_000).describe('The most videos that it may hold.'),
  bucket: bucketName.describe(
    'The bucket that GET /dnadb shows. It does not limit which keys can use the library.',
  ),
  region: regionName,
  minSimilar: percent.describe('Hides detections whose Similar and Audio.Similar are both below this value.'),
  detectOnStore: z.boolean().describe('Whether GetFingerPrint also reports matching videos of the library.'),
  suppressDismissed: z
    .boolean()
    .describe('Whether results of later jobs leave out pairs that a reviewer dismissed.'),
  floodGuard: z
    .boolean()
    .describe('Whether passages that many queries suddenly match are held back, as FLOOD_MATCHES says.'),
  storeDetail: z
    .enum(storeDetails)
    .describe(
      'How much is stored of each new video. `keyframes` takes a third of the space and a fraction of the CPU time, and finds fewer copies.',
    ),
  store: z
    .enum(storeModes)
    .describe(
      'Which videos GetFingerPrint stores: each, only those that match no stored one, or none. The result of the job says what was found.',
    ),
  policy: policyChanges,
}

const newLibrary = z
  .strictObject({
    dnaDbId: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must consist of 1 to 64 letters, digits, "_" and "-"')
      .optional()
      .describe('To keep the id of a library of another installation. Default: a new id.'),
    name: settings.name,
    description: settings.description.default(''),
    capacity: settings.capacity.default(limits.libraryCapacity),
    bucket: settings.bucket.optional(),
    region: settings.region.optional(),
    minSimilar: settings.minSimilar.default(0),
    detectOnStore: settings.detectOnStore.default(true),
    suppressDismissed: settings.suppressDismissed.default(false),
    floodGuard: settings.floodGuard.default(true),
    storeDetail: settings.storeDetail.optional(),
    store: settings.store.default('always'),
    policy: settings.policy.optional(),
  })
  .meta({ id: 'NewLibrary', examples: [{ name: 'films', capacity: 50_000 }] })

const libraryChanges = z
  .strictObject(settings)
  .partial()
  .meta({ id: 'LibraryChanges', examples: [{ minSimilar: 40 }] })

const library = z
  .object({
    dnaDbId: z.string(),
    name: z.string(),
    description: z.string(),
    capacity: count,
    bucket: z.string(),
    region: z.string(),
    minSimilar: percent,
    detectOnStore: z.boolean(),
    suppressDismissed: z.boolean(),
    floodGuard: z.boolean(),
    storeDetail: z.enum(storeDetails),
    store: z.enum(storeModes),
    policy,
    hasCallback: z.boolean().describe('Whether its matches are reported to an address.'),
    videoCount: count,
    totalSeconds: seconds,
    matchesOpen: count.describe('Matches that wait for a decision.'),
    createdAt: isoTime,
    updatedAt: isoTime,
  })
  .meta({
    id: 'Library',
    examples: [
      {
        dnaDbId: exampleIds.library,
        name: 'films',
        description: '',
        capacity: 50_000,
        bucket: 'films-125',
        region: 'local',
        minSimilar: 0,
        detectOnStore: true,
        suppressDismissed: false,
        floodGuard: true,
        storeDetail: 'full',
        store: 'always',
        policy: DEFAULT_POLICY,
        hasCallback: false,
        videoCount: 1204,
        totalSeconds: 86_912.4,
        matchesOpen: 2,
        createdAt: '2026-01-02T03:04:05.678Z',
        updatedAt: '2026-01-02T03:04:05.678Z',
      },
    ],
  })

const MISSING = 'The library does not exist.'
const TAKEN = 'Another library has this name.'
const ID_TAKEN = 'Another library has this name or this id.'

export const libraryRoutes = adminRoutesOf({
  listLibraries: {
    method: 'get',
    role: 'viewer',
    path: '/admin/libraries',
    summary: 'List the libraries',
    query: pageQuery.extend({
      q: text(256)
        .optional()
        .describe('Only libraries whose name contains this, in any case, or with this id.'),
      order: z.enum(['oldest', 'newest', 'name']).default('oldest'),
    }),
    answers: { 200: pageOf('LibraryPage', library) },
  },
  createLibrary: {
    method: 'post',
    role: 'operator',
    path: '/admin/libraries',
    summary: 'Create a library',
    body: newLibrary,
    answers: { 201: library },
    errors: { 400: INVALID_BODY, 409: ID_TAKEN },
  },
  getLibrary: {
    method: 'get',
    role: 'viewer',
    path: '/admin/libraries/{dnaDbId}',
    summary: 'Show a library',
    answers: { 200: library },
    errors: { 404: MISSING },
  },
  updateLibrary: {
    method: 'patch',
    role: 'operator',
    path: '/admin/libraries/{dnaDbId}',
    summary: 'Change a library',
    body: libraryChanges,
    answers: { 200: library },
    errors: { 400: INVALID_BODY, 404: MISSING, 409: TAKEN },
  },
  previewPolicy: {
    method: 'post',
    role: 'viewer',
    path: '/admin/libraries/{dnaDbId}/policy-preview',
    summary:
      'Judge the matches and near misses of the last 30 days by a changed policy, without changing anything',
    body: policyChanges,
    answers: { 200: policyPreview },
    errors: { 400: INVALID_BODY, 404: MISSING },
  },
  deleteLibrary: {
    method: 'delete',
    role: 'operator',
    path: '/admin/libraries/{dnaDbId}',
    summary: 'Delete a library; with the library of a sample run also the objects that the run made',
    query: z.object({ force: queryFlag.describe('Also delete the videos that it holds.') }),
    answers: { 204: null },
    errors: { 404: MISSING, 409: 'The library holds videos. Send force=true to delete them as well.' },
  },
})
