import { type JobState, jobStates, ruleTypes } from '@kinoprint/core'
import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { id, isoTime, text } from './fields.ts'

const jobState = z.enum(jobStates)
const QUERY_CHARACTERS_MAX = 256

/** The filters that a list and the bulk routes share, besides the states. */
export const jobFilterFields = {
  ruleType: z.enum(ruleTypes).optional(),
  dnaDbId: id.optional(),
  object: text(limits.objectBytesMax).optional().describe('Only jobs for exactly this object.'),
  secretId: id.optional().describe('Only jobs that this key submitted.'),
  code: id.optional().describe('Only jobs that failed with this code.'),
  q: text(QUERY_CHARACTERS_MAX)
    .optional()
    .describe('A job id, or a part of the object or of UserData, in upper or lower case.'),
  from: isoTime.optional().describe('Only jobs created at this time or later.'),
  to: isoTime.optional().describe('Only jobs created before this time.'),
}

/** Several states in a query, separated by commas: `state=Submitted,Pause`. */
export const jobStatesQuery = z
  .string()
  .superRefine((value, context) => {
    for (const state of value.split(','))
      if (!jobState.safeParse(state).success)
        context.addIssue({ code: 'custom', message: `must be one or more of ${jobStates.join(', ')}` })
  })
  .transform((value) => value.split(',') as JobState[])
  .describe('Only jobs in these states, separated by commas.')

/** The filter of a bulk route, as JSON. */
const jobFilter = z
  .strictObject({ state: z.array(jobState).min(1).optional(), ...jobFilterFields })
  .meta({ id: 'JobFilter', examples: [{ state: ['Failed'], code: 'ResourceNotFound' }] })

/** A client that sends a filter and a total has shown both to a person, who decided on exactly those jobs. */
export const bulkFields = {
  filter: jobFilter.describe('The filter of GET /admin/jobs.'),
  expected: z
    .int()
    .min(0)
    .describe('The total of GET /admin/jobs with this filter. If it has changed, the answer is 409.'),
}
