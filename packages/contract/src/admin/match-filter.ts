import { alterations, matchStates } from '@kinoprint/core'
import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { id, queryFlag, rangeOf, text } from './fields.ts'

/** Which matches a list holds. */
export const matchFilter = {
  state: z
    .enum(matchStates)
    .optional()
    .describe('Matches in this state. Default: open, confirmed and dismissed.'),
  library: id.optional().describe('Matches of the library with this DnaDbId.'),
  track: z.enum(['picture', 'sound', 'both']).optional().describe('Matches in which this track matches.'),
  altered: z
    .enum(['any', 'none', ...alterations])
    .optional()
    .describe('Matches with this alteration.'),
  score: rangeOf('A score', '0.5-0.9').optional(),
  seconds: rangeOf('Matching seconds of the query', '10-60').optional(),
  q: text(limits.objectBytesMax)
    .optional()
    .describe('Part of the name of either object, or a whole MatchId, JobId or VideoId.'),
  videoId: id.optional().describe('Matches of this stored video, or of another one with its content.'),
  jobId: id.optional().describe('Matches that this job found.'),
  sameReferenceAs: id.optional().describe('Matches with the reference of this match.'),
  sameQueryAs: id.optional().describe('Matches with the query of this match.'),
}

export const matchListFilter = {
  ...matchFilter,
  ignored: queryFlag.describe('Also matches that ignored passages hide.'),
}

export const matchOrder = z
  .enum(['newest', 'oldest', 'score', 'seconds', 'decided'])
  .default('newest')
  .describe('`newest` is by the time when a match opened, `decided` by the newest decision.')
