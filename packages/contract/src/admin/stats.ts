import { jobStates, ruleTypes } from '@kinoprint/core'
import { z } from 'zod'
import { count } from './fields.ts'

/** GET /admin/stats */
export const statsSchema = z.object({
  libraries: count,
  videos: count,
  hours: z.number().min(0).describe('Of stored video.'),
  frames: count.describe('Frames that were looked at.'),
  jobs: z.record(z.enum(jobStates), count),
  bytes: count.describe('Size of the database on disk.'),
  minutesProcessed: z.array(
    z.object({
      secretId: z.string().nullable(),
      dnaDbId: z.string(),
      ruleType: z.enum(ruleTypes),
      minutes: z.number().min(0),
      jobs: count,
    }),
  ),
})
export type StatsBody = z.output<typeof statsSchema>
