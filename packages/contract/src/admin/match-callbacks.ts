import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { delivery } from './deliveries.ts'
import { exampleIds, exampleOf, INVALID_BODY, id, pageOf, pageQuery } from './fields.ts'
import { callbackTestResult } from './queues.ts'
import { adminRoutesOf } from './route.ts'

const callback = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(limits.callbackUrlCharactersMax)
      .describe('Where events are reported, as JSON.'),
    events: z
      .array(z.enum(['MatchFound', 'MatchDecided', 'LibraryFull', 'PassageHeld']))
      .min(1)
      .max(4)
      .default(['MatchFound', 'MatchDecided'])
      .describe(
        'MatchFound: a search found or changed a match. MatchDecided: a reviewer decided one. LibraryFull: the library reached 90 or 100 percent of its capacity. PassageHeld: the flood guard holds a passage back.',
      ),
    secretId: id
      .nullable()
      .default(null)
      .describe('The API key whose secret signs the callbacks. Null: only `CALLBACK_SECRETS` signs them.'),
  })
  .meta({
    id: 'MatchCallback',
    examples: [
      {
        url: 'https://hooks.example.com/matches',
        events: ['MatchFound', 'MatchDecided'],
        secretId: exampleIds.key,
      },
    ],
  })

const callbackTest = z
  .strictObject({
    url: callback.shape.url.optional().describe('Where to send it. Default: the address of the library.'),
  })
  .meta({ id: 'MatchCallbackTest', examples: [{}] })

const matchDelivery = delivery
  .extend({ matchId: z.string().nullable().describe('Null in LibraryFull and PassageHeld.') })
  .meta({
    id: 'MatchDelivery',
    examples: [{ ...exampleOf(delivery), format: 'JSON', matchId: 'm4f3e2d1c0b9a8f7e6d5c4b3a2f1e0d9c' }],
  })

const CALLBACK = '/admin/libraries/{dnaDbId}/match-callback'
const NONE = 'The library does not exist, or reports no matches.'

/** Callbacks about the matches of a library, and about itself. */
export const matchCallbackRoutes = adminRoutesOf({
  getMatchCallback: {
    method: 'get',
    role: 'viewer',
    path: CALLBACK,
    summary: 'Show where a library reports its matches',
    answers: { 200: callback },
    errors: { 404: NONE },
  },
  setMatchCallback: {
    method: 'put',
    role: 'operator',
    path: CALLBACK,
    summary: 'Report the matches of a library, and that it fills up, to an address',
    body: callback,
    answers: { 200: callback },
    errors: { 400: INVALID_BODY, 404: 'The library does not exist.' },
  },
  deleteMatchCallback: {
    method: 'delete',
    role: 'operator',
    path: CALLBACK,
    summary: 'Stop reporting the matches of a library',
    answers: { 204: null },
    errors: { 404: NONE },
  },
  testMatchCallback: {
    method: 'post',
    role: 'operator',
    path: `${CALLBACK}/test`,
    summary: 'Send one callback with a made-up match to the address of a library, or to another one',
    body: callbackTest,
    answers: { 200: callbackTestResult },
    errors: { 400: INVALID_BODY, 404: NONE },
  },
  listMatchDeliveries: {
    method: 'get',
    role: 'viewer',
    path: `${CALLBACK}/deliveries`,
    summary: 'List the callbacks about a library and its matches, newest first',
    query: pageQuery.extend({ matchId: id.optional().describe('Only those of this match.') }),
    answers: { 200: pageOf('MatchDeliveryPage', matchDelivery) },
    errors: { 404: 'The library does not exist.' },
  },
  resendMatchDelivery: {
    method: 'post',
    role: 'operator',
    path: `${CALLBACK}/deliveries/{deliveryId}/resend`,
    summary: 'Send a callback about a match or a library again',
    answers: { 200: delivery },
    errors: { 404: 'The library has no such delivery.' },
  },
})
