import { jobStates, ruleTypes } from '@kinoprint/core'
import { z } from 'zod'
import { count, exampleIds } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const stats = z
  .object({
    libraries: count,
    videos: count,
    hours: z.number().min(0).describe('Total length of the stored videos.'),
    frames: count.describe('The number of sampled frames.'),
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
  .meta({
    id: 'Stats',
    examples: [
      {
        libraries: 1,
        videos: 1204,
        hours: 24.1,
        frames: 347_649,
        jobs: { Submitted: 3, Running: 2, Success: 1310, Failed: 4, Pause: 0, Cancel: 12 },
        bytes: 912_261_120,
        minutesProcessed: [
          {
            secretId: exampleIds.key,
            dnaDbId: exampleIds.library,
            ruleType: 'GetFingerPrint',
            minutes: 1448.5,
            jobs: 1204,
          },
        ],
      },
    ],
  })

export const statsRoutes = adminRoutesOf({
  getStats: {
    method: 'get',
    role: 'viewer',
    path: '/admin/stats',
    summary: 'Count stored videos and processed minutes',
    answers: { 200: stats },
  },
})
