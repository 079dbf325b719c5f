import { z } from 'zod'
import { INVALID_BODY, id, isoTime, pageOf, pageQuery } from './fields.ts'
import { job } from './jobs.ts'
import {
  decided,
  decidedBatch,
  matchDetail,
  matchEvent,
  matchPage,
  neighbours,
  newDecision,
  newDecisions,
  newNote,
  note,
  suggestions,
  undone,
} from './match-bodies.ts'
import { matchListFilter, matchOrder } from './match-filter.ts'
import { adminRoutesOf } from './route.ts'

const MATCH = '/admin/matches/{matchId}'
const MISSING = 'The match does not exist.'

const searchAgain = z
  .strictObject({
    whole: z
      .boolean()
      .default(false)
      .describe(
        'Decode every frame of the file, in this search and the next ones with the same content. Without it, a search decodes only what keyframes and sound leave open.',
      ),
  })
  .meta({ id: 'SearchMatchAgain', examples: [{ whole: true }] })

/**
 * Matches: pairs of contents that searches found, and what reviewers decided about them. Fixed paths stand before those
 * with a MatchId.
 */
export const matchRoutes = adminRoutesOf({
  listMatches: {
    method: 'get',
    role: 'viewer',
    path: '/admin/matches',
    summary: 'List the matches to review, and count them by state',
    query: pageQuery.extend({
      ...matchListFilter,
      order: matchOrder,
      group: z
        .enum(['reference', 'query'])
        .optional()
        .describe('Only the first match of each reference or query, with the number of its group.'),
      dayStart: isoTime.optional().describe('Start of the day of decidedToday. Default: midnight UTC.'),
    }),
    answers: { 200: matchPage },
  },
  decideMatches: {
    method: 'post',
    role: 'reviewer',
    path: '/admin/matches/decisions',
    summary: 'Decide up to 1,000 matches by id, or up to 10,000 by filter',
    body: newDecisions,
    answers: { 200: decidedBatch },
    errors: {
      400: INVALID_BODY,
      404: 'A match does not exist. None is decided.',
      409: 'The filter does not match the expected number. None is decided.',
    },
  },
  suggestMatches: {
    method: 'get',
    role: 'viewer',
    path: '/admin/matches/suggestions',
    summary: 'Passages of one reference on which five or more open matches rest, and on nothing else of it',
    query: z.object({ library: id.optional().describe('Only of the library with this DnaDbId.') }),
    answers: { 200: suggestions },
  },
  exportMatches: {
    method: 'get',
    role: 'viewer',
    path: '/admin/matches/export',
    summary: 'Download up to 10,000 matches as JSON, or as CSV with a row per passage',
    query: z.object({
      ...matchListFilter,
      order: matchOrder,
      format: z.enum(['json', 'csv']).default('json'),
    }),
    answers: { 200: { bytes: 'application/json' } },
    errors: { 409: 'More than 10,000 matches match.' },
  },
  exportMatch: {
    method: 'get',
    role: 'viewer',
    path: `${MATCH}/export`,
    summary: 'Download a match as JSON, CSV, edit decision list (CMX 3600) or report (HTML)',
    query: z.object({
      format: z.enum(['json', 'csv', 'edl', 'html']).default('json'),
      fps: z.coerce
        .number()
        .min(1)
        .max(120)
        .optional()
        .describe(
          'Frame rate of the edit decision list. Default: that of the query, or 25 if it is unknown.',
        ),
      pictures: z
        .enum(['show', 'blur', 'none'])
        .default('show')
        .describe('Whether the report shows stills and filmstrips.'),
    }),
    answers: { 200: { bytes: 'application/json' } },
    errors: { 404: MISSING },
  },
  getMatch: {
    method: 'get',
    role: 'viewer',
    path: MATCH,
    summary: 'Show a match with its passages and its history',
    answers: { 200: matchDetail },
    errors: { 404: MISSING },
  },
  searchMatchAgain: {
    method: 'post',
    role: 'reviewer',
    path: `${MATCH}/search`,
    summary: 'Search again with the query of a match, which writes its evidence again',
    body: searchAgain,
    answers: { 201: job },
    errors: {
      400: INVALID_BODY,
      403: 'The queue is full.',
      404: MISSING,
      409: 'The library has been deleted, or what the search needs of the query is not kept.',
    },
  },
  getMatchNeighbours: {
    method: 'get',
    role: 'viewer',
    path: `${MATCH}/neighbours`,
    summary: 'Where a match is in a list, and the matches before and after it',
    query: z.object({ ...matchListFilter, order: matchOrder }),
    answers: { 200: neighbours },
    errors: { 404: MISSING },
  },
  decideMatch: {
    method: 'post',
    role: 'reviewer',
    path: `${MATCH}/decision`,
    summary: 'Confirm or dismiss a match, or take the decision back',
    body: newDecision,
    answers: { 200: decided },
    errors: { 400: INVALID_BODY, 404: MISSING, 409: 'The match has another version than ifVersion.' },
  },
  undoDecisions: {
    method: 'post',
    role: 'reviewer',
    path: '/admin/decisions/{batchId}/undo',
    summary: 'Undo the decisions of one request',
    answers: { 200: undone },
    errors: { 404: 'There are no such decisions.', 409: 'They have been undone already.' },
  },
  listMatchHistory: {
    method: 'get',
    role: 'viewer',
    path: `${MATCH}/history`,
    summary: 'List what happened to a match, newest first',
    query: pageQuery,
    answers: { 200: pageOf('MatchEventPage', matchEvent) },
    errors: { 404: MISSING },
  },
  listMatchNotes: {
    method: 'get',
    role: 'viewer',
    path: `${MATCH}/notes`,
    summary: 'List the notes of a match, oldest first',
    query: pageQuery,
    answers: { 200: pageOf('MatchNotePage', note) },
    errors: { 404: MISSING },
  },
  addMatchNote: {
    method: 'post',
    role: 'reviewer',
    path: `${MATCH}/notes`,
    summary: 'Add a note to a match',
    body: newNote,
    answers: { 201: note },
    errors: { 400: INVALID_BODY, 404: MISSING },
  },
})
