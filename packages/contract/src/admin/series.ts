import { z } from 'zod'
import { count, INVALID_BODY, isoTime, seconds } from './fields.ts'
import { adminRoutesOf } from './route.ts'

/** A browser asks for one point per bar. */
const SERIES_POINTS_MAX = 500

const percentiles = z.object({ p50: seconds, p95: seconds }).nullable()

const figures = {
  created: count,
  succeeded: count,
  failed: count,
  cancelled: count,
  searches: count.describe('Searches that succeeded.'),
  searchesWithMatch: count,
  minutes: z.number().min(0).describe('Minutes of video in the jobs that succeeded.'),
  searchSeconds: percentiles.describe(
    'Running time of searches, with steps of an hour and more to 1 %. Null without any.',
  ),
  waitSeconds: percentiles.describe('From submission to start, of jobs that ended. Null without any.'),
}

const exampleFigures = {
  created: 12,
  succeeded: 11,
  failed: 1,
  cancelled: 0,
  searches: 9,
  searchesWithMatch: 4,
  minutes: 48.5,
  searchSeconds: { p50: 6.1, p95: 14.8 },
  waitSeconds: { p50: 0.3, p95: 1.2 },
}

const series = z
  .object({
    from: isoTime,
    to: isoTime,
    stepSeconds: z.int().min(1),
    points: z
      .array(z.object({ at: isoTime, ...figures }))
      .describe('One per step, the oldest first. The last may be incomplete.'),
    totals: z.object(figures),
    matches: z
      .object({ open: count, confirmed: count, dismissed: count })
      .describe('Matches that were found, or opened again, in the time, by their state now.'),
    failures: z
      .array(z.object({ code: z.string(), jobs: count }))
      .describe('Why jobs failed, the most frequent first.'),
  })
  .meta({
    id: 'Series',
    examples: [
      {
        from: '2026-01-02T03:00:00.000Z',
        to: '2026-01-02T03:30:00.000Z',
        stepSeconds: 1800,
        points: [{ at: '2026-01-02T03:00:00.000Z', ...exampleFigures }],
        totals: exampleFigures,
        matches: { open: 2, confirmed: 1, dismissed: 1 },
        failures: [{ code: 'ResourceNotFound', jobs: 1 }],
      },
    ],
  })

export const seriesRoutes = adminRoutesOf({
  getSeries: {
    method: 'get',
    role: 'viewer',
    path: '/admin/stats/series',
    summary: 'Count what happened in each step of a time; by default in the last 24 hours by half hours',
    query: z.object({
      from: isoTime.optional().describe('Default: 24 hours before `to`.'),
      to: isoTime.optional().describe('Default: now.'),
      step: z.coerce
        .number()
        .int()
        .min(60)
        .max(86_400)
        .default(1800)
        .describe(`Seconds. At most ${SERIES_POINTS_MAX} steps may fit.`),
    }),
    answers: { 200: series },
    errors: { 400: INVALID_BODY },
  },
})
