import { alterations, decisionStates, dismissReasons, matchStates } from '@kinoprint/core'
import { z } from 'zod'
import { count, exampleIds, exampleOf, fraction, isoTime, percent, seconds, text } from './fields.ts'
import { jobResult, segment } from './job-result.ts'
import { matchFilter } from './match-filter.ts'

const passage = z
  .object({
    ...segment.shape,
    ignored: z.string().nullable().describe('The id of the ignored passage that covers it. Null if none.'),
    cutFrom: z
      .object({ queryStart: seconds, queryEnd: seconds, refStart: seconds, refEnd: seconds })
      .nullable()
      .describe(
        'The times of the passage before an ignored one divided it, as in the evidence. Null if it is whole.',
      ),
  })
  .describe('Weak and ignored passages do not count.')
  .meta({ id: 'Passage' })

const library = z.object({
  dnaDbId: z.string(),
  name: z.string().nullable().describe('Null if the library has been deleted.'),
})

const query = z
  .object({
    bucket: z.string(),
    object: z.string(),
    etag: z.string(),
    durationSeconds: seconds,
    width: count.nullable(),
    height: count.nullable(),
    hasAudio: z.boolean().nullable(),
    fps: z.number().min(0).nullable().describe('Frames per second. Null if unknown.'),
    jobId: z.string().describe('The newest job that found the match.'),
    videoId: z.string().nullable().describe('The video as which the library stores it. Null if it does not.'),
  })
  .meta({ id: 'MatchQuery' })

const reference = z
  .object({
    videoId: z.string().nullable().describe('Null unless the status is stored.'),
    status: z
      .enum(['stored', 'deleted', 'replaced'])
      .describe('`replaced`: the library stores other content under this object now.'),
    bucket: z.string(),
    object: z.string(),
    etag: z.string(),
    durationSeconds: seconds,
    width: count,
    height: count,
    hasAudio: z.boolean(),
    fps: z.number().min(0).nullable().describe('Frames per second. Null if unknown or not stored.'),
  })
  .meta({ id: 'MatchReference' })

const decision = z
  .object({
    state: z.enum(['confirmed', 'dismissed']),
    reason: z.enum(dismissReasons).nullable(),
    note: z.string().nullable(),
    by: z
      .string()
      .nullable()
      .describe('The name of the person, or the one given with the admin token. Null if none.'),
    at: isoTime,
  })
  .meta({ id: 'Decision' })

const exampleReference = {
  videoId: exampleIds.video,
  status: 'stored' as const,
  bucket: 'films-125',
  object: 'a/film.mp4',
  etag: '"0123456789abcdef0123456789abcdef"',
  durationSeconds: 93.4,
  width: 1920,
  height: 1080,
  hasAudio: true,
  fps: 25,
}

export const suggestions = z
  .object({
    items: z.array(
      z.object({
        library,
        reference,
        refStart: seconds,
        refEnd: seconds,
        matches: count.describe('Open matches with a passage there, of the newest 1,000 of the reference.'),
        only: count.describe('Those that use nothing else of the reference.'),
        exampleMatchId: z.string(),
      }),
    ),
  })
  .meta({
    id: 'MatchSuggestions',
    examples: [
      {
        items: [
          {
            library: { dnaDbId: exampleIds.library, name: 'films' },
            reference: exampleReference,
            refStart: 0,
            refEnd: 8.4,
            matches: 14,
            only: 14,
            exampleMatchId: exampleIds.match,
          },
        ],
      },
    ],
  })

const [exampleSegment] = z
  .parse(jobResult, exampleOf(jobResult))
  .detections.flatMap(({ segments }) => segments)

/** A row of the review queue. */
const match = z
  .object({
    matchId: z.string(),
    library,
    state: z.enum(matchStates),
    changedSinceDecision: z
      .boolean()
      .describe('Open again, because a later search differs by a passage of 2 s or more.'),
    reported: z.boolean().describe('Whether the result of a job contains it. False for a near miss.'),
    ignored: z.boolean().describe('Whether ignored passages leave no passage that counts.'),
    version: count.describe('Increases whenever the state is set. Send it as ifVersion.'),
    query,
    reference,
    score: fraction,
    similar: percent,
    audioSimilar: percent,
    queryCoverage: fraction,
    refCoverage: fraction,
    similarDuration: seconds.describe('Seconds of the query that match.'),
    tracks: z.array(z.enum(['picture', 'sound'])),
    alterations: z.array(z.enum(alterations)),
    speed: z.number().positive().describe('The speed of a passage that differs most from 1.'),
    passageCount: count.describe('The number of passages that count.'),
    passages: z.array(passage).describe('In lists at most the 12 longest that count.'),
    foundAt: isoTime,
    openedAt: isoTime.describe('When it was found, or opened again.'),
    searchedAt: isoTime.describe('When it was last found.'),
    decision: decision.nullable().describe('The last decision, also if the match is open again.'),
    notes: count.describe('The number of notes.'),
    group: z
      .object({ by: z.enum(['reference', 'query']), matches: count })
      .nullable()
      .describe('The matches of the list that it stands for. Null if the list is not grouped.'),
  })
  .meta({
    id: 'Match',
    examples: [
      {
        matchId: exampleIds.match,
        library: { dnaDbId: exampleIds.library, name: 'films' },
        state: 'open',
        changedSinceDecision: false,
        reported: true,
        ignored: false,
        version: 1,
        query: {
          bucket: 'films-125',
          object: 'uploads/clip.mp4',
          etag: '"fedcba9876543210fedcba9876543210"',
          durationSeconds: 31.2,
          width: 1280,
          height: 720,
          hasAudio: true,
          fps: 29.97,
          jobId: exampleIds.job,
          videoId: null,
        },
        reference: exampleReference,
        score: 0.989,
        similar: 97,
        audioSimilar: 100,
        queryCoverage: 0.92,
        refCoverage: 0.31,
        similarDuration: 28.7,
        tracks: ['picture', 'sound'],
        alterations: [],
        speed: 1,
        passageCount: 1,
        passages: [{ ...exampleSegment, ignored: null, cutFrom: null }],
        foundAt: '2026-01-02T03:04:20.806Z',
        openedAt: '2026-01-02T03:04:20.806Z',
        searchedAt: '2026-01-02T03:04:20.806Z',
        decision: null,
        notes: 0,
        group: null,
      },
    ],
  })

const exampleMatch = z.parse(match, exampleOf(match))

export const matchEvent = z
  .object({
    eventId: count,
    kind: z.enum([
      'found',
      'changed',
      'decided',
      'undone',
      'note',
      'ignored',
      'restored',
      'held',
      'released',
    ]),
    at: isoTime,
    by: z.string().nullable(),
    from: z.enum(matchStates).nullable(),
    to: z.enum(matchStates).nullable(),
    reason: z.enum(dismissReasons).nullable(),
    note: z.string().nullable(),
    jobId: z.string().nullable(),
    batchId: z.string().nullable().describe('The decisions that were made in the same request.'),
  })
  .meta({
    id: 'MatchEvent',
    examples: [
      {
        eventId: 7,
        kind: 'found',
        at: '2026-01-02T03:04:20.806Z',
        by: null,
        from: null,
        to: 'open',
        reason: null,
        note: null,
        jobId: exampleIds.job,
        batchId: null,
      },
    ],
  })

const matchFile = z
  .object({
    state: z
      .enum(['there', 'gone', 'replaced', 'unknown'])
      .describe('`replaced`: the object has other content now. `unknown`: the store did not answer in time.'),
    thumbnails: z.boolean().describe('Whether sprite.jpg of the stored video or of the job exists.'),
    codec: z.string().nullable().describe('Null if the library does not store it, or did not record it.'),
    bytes: count.nullable(),
    storedAt: isoTime.nullable(),
  })
  .meta({ id: 'MatchFile' })

const exampleFile = {
  state: 'there' as const,
  thumbnails: true,
  codec: 'h264',
  bytes: 7_654_321,
  storedAt: '2026-01-02T03:04:05.678Z',
}

export const matchDetail = z
  .object({
    ...match.shape,
    files: z.object({ query: matchFile, reference: matchFile }),
    hasEvidence: z.boolean().describe('Whether its evidence is kept.'),
    isQueryKept: z.boolean().describe('Whether the fingerprint of the query is kept.'),
    key: z
      .object({ secretId: z.string(), name: z.string() })
      .nullable()
      .describe('The key that submitted the search. Null if no key did, or its job is no longer kept.'),
    sameQueryObjects: z
      .array(z.object({ bucket: z.string(), object: z.string() }))
      .describe('Other objects with the content of the query, at most 20.'),
    history: z.array(matchEvent).describe('Newest first, at most 100.'),
    related: z
      .array(match)
      .describe('The last decided matches with the same query or reference, at most 3, without passages.'),
  })
  .meta({
    id: 'MatchDetail',
    examples: [
      {
        ...exampleMatch,
        files: { query: exampleFile, reference: exampleFile },
        hasEvidence: true,
        isQueryKept: true,
        key: { secretId: exampleIds.key, name: 'uploader' },
        sameQueryObjects: [],
        history: [exampleOf(matchEvent)],
        related: [],
      },
    ],
  })

export const matchPage = z
  .object({
    items: z.array(match),
    total: count.describe('With `group`, the number of groups.'),
    page: z.int().min(1),
    pageSize: z.int().min(1),
    counts: z
      .object({ open: count, confirmed: count, dismissed: count, near: count })
      .describe('Matches by state. Of the filters, only library, videoId and jobId apply.'),
    decidedToday: count.describe('Matches decided since dayStart, with the same filters.'),
  })
  .meta({
    id: 'MatchPage',
    examples: [
      {
        items: [exampleMatch],
        total: 1,
        page: 1,
        pageSize: 20,
        counts: { open: 23, confirmed: 1204, dismissed: 318, near: 56 },
        decidedToday: 47,
      },
    ],
  })

export const neighbours = z
  .object({
    position: count.nullable().describe('From 1. Null if the match is not in the list.'),
    total: count,
    previous: z.string().nullable(),
    next: z.string().nullable(),
  })
  .meta({
    id: 'MatchNeighbours',
    examples: [{ position: 1, total: 23, previous: null, next: exampleIds.match }],
  })

const verdict = {
  state: z.enum(decisionStates).describe('`open` takes a decision back.'),
  reason: z.enum(dismissReasons).optional().describe('Only with dismissed.'),
  note: text(2000).optional(),
}

type Reasoned = { readonly state: string; readonly reason?: string | undefined }
const hasReasonOnlyIfDismissed = ({ state, reason }: Reasoned): boolean =>
  reason === undefined || state === 'dismissed'
const REASON = 'give a reason only with the state dismissed'

export const newDecision = z
  .strictObject({
    ...verdict,
    ifVersion: z.int().min(1).optional().describe('Decide only if the match still has this version.'),
  })
  .refine(hasReasonOnlyIfDismissed, REASON)
  .meta({ id: 'NewDecision', examples: [{ state: 'dismissed', reason: 'licensed', ifVersion: 1 }] })

export const decided = z
  .object({ batchId: z.string().describe('With it, the decision is undone.'), match })
  .meta({ id: 'Decided', examples: [{ batchId: exampleIds.batch, match: exampleMatch }] })

export const newDecisions = z
  .strictObject({
    ...verdict,
    ids: z.array(z.string().max(64)).min(1).max(1000).optional(),
    filter: z
      .strictObject({ ...matchFilter, ignored: z.boolean().optional() })
      .optional()
      .describe('As in the query of GET /admin/matches.'),
    expected: z.int().min(0).max(10_000).optional().describe('The number of matches of the filter.'),
  })
  .refine(hasReasonOnlyIfDismissed, REASON)
  .refine(
    ({ ids, filter, expected }) => (ids === undefined) === (filter !== undefined && expected !== undefined),
    'give either ids, or filter and expected',
  )
  .meta({
    id: 'NewDecisions',
    examples: [{ state: 'dismissed', reason: 'shared-intro', filter: { state: 'open' }, expected: 312 }],
  })

export const decidedBatch = z
  .object({ batchId: z.string(), decided: count })
  .meta({ id: 'DecidedBatch', examples: [{ batchId: exampleIds.batch, decided: 312 }] })

export const undone = z
  .object({
    undone: count,
    skipped: count.describe('Matches that were decided or changed again since. They keep their state.'),
    matchIds: z.array(z.string()).describe('The first 1,000 that were undone.'),
  })
  .meta({ id: 'UndoneDecisions', examples: [{ undone: 1, skipped: 0, matchIds: [exampleIds.match] }] })

export const newNote = z
  .strictObject({ text: text(4000).min(1) })
  .meta({ id: 'NewNote', examples: [{ text: 'Same uploader as yesterday, see @0:14.9.' }] })

export const note = z
  .object({ noteId: count, text: z.string(), by: z.string().nullable(), at: isoTime })
  .meta({
    id: 'MatchNote',
    examples: [{ noteId: 8, text: 'Same uploader as yesterday.', by: 'Li', at: '2026-01-02T03:05:00.000Z' }],
  })
