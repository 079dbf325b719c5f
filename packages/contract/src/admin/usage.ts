import { ruleTypes } from '@kinoprint/core'
import { z } from 'zod'
import { count, exampleIds, INVALID_BODY } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const groups = ['day', 'key', 'library', 'kind'] as const
const group = z.enum(groups)
type Group = (typeof groups)[number]

const day = z.iso.date()

const by = z
  .string()
  .default('day')
  .superRefine((value, context) => {
    for (const name of value.split(','))
      if (!group.safeParse(name).success)
        context.addIssue({ code: 'custom', message: `must be one or more of ${groups.join(', ')}` })
  })
  .transform((value) => value.split(',') as Group[])
  .describe('Groups, separated by commas: day, key, library, kind. Default: day.')

const figures = {
  jobs: count.describe('Jobs that succeeded.'),
  failed: count,
  storedMinutes: z.number().min(0).describe('Minutes of the videos that were stored.'),
  searchedMinutes: z.number().min(0).describe('Minutes of the videos that were searched with.'),
  billedMinutes: z
    .number()
    .min(0)
    .describe('Both together, not rounded, as the cloud bills them. Failed jobs and deletes cost nothing.'),
  matches: count.describe('Searches that found something.'),
}

const usage = z
  .object({
    from: day,
    to: day,
    by: z.array(group),
    rows: z.array(
      z.object({
        day: day.nullable().describe('Null unless grouped by day. The next three likewise.'),
        secretId: z.string().nullable().describe('Also null for jobs without a key.'),
        dnaDbId: z.string().nullable(),
        ruleType: z.enum(ruleTypes).nullable(),
        ...figures,
      }),
    ),
    totals: z.object(figures),
    since: day.nullable().describe('The first day that is recorded. Null for none.'),
  })
  .meta({
    id: 'Usage',
    examples: [
      {
        from: '2026-01-01',
        to: '2026-01-31',
        by: ['day', 'key'],
        rows: [
          {
            day: '2026-01-02',
            secretId: exampleIds.key,
            dnaDbId: null,
            ruleType: null,
            jobs: 412,
            failed: 3,
            storedMinutes: 60,
            searchedMinutes: 36.2,
            billedMinutes: 96.2,
            matches: 31,
          },
        ],
        totals: {
          jobs: 412,
          failed: 3,
          storedMinutes: 60,
          searchedMinutes: 36.2,
          billedMinutes: 96.2,
          matches: 31,
        },
        since: '2026-01-01',
      },
    ],
  })

const query = z.object({
  from: day.optional().describe('First day, YYYY-MM-DD in UTC. Default: 29 days before `to`.'),
  to: day.optional().describe('Last day, included. Default: today.'),
  by,
})

export const usageRoutes = adminRoutesOf({
  getUsage: {
    method: 'get',
    role: 'viewer',
    path: '/admin/usage',
    summary: 'Count jobs and minutes of video by day, key, library or kind',
    query,
    answers: { 200: usage },
    errors: { 400: INVALID_BODY },
  },
  getUsageCsv: {
    method: 'get',
    role: 'viewer',
    path: '/admin/usage.csv',
    summary: 'The same as a CSV file',
    query,
    answers: { 200: { bytes: 'text/csv' } },
    errors: { 400: INVALID_BODY },
  },
})
