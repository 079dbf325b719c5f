import { ruleTypes } from '@kinoprint/core'
import { z } from 'zod'
import { count, exampleIds, fraction, isoTime, nullableTime, seconds } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const worker = z.object({
  workerId: z.string(),
  name: z.string().describe('Host and process.'),
  version: z.string(),
  ffmpeg: z.string().describe('Version of its ffmpeg.'),
  slots: count.describe('Jobs at once.'),
  state: z
    .enum(['alive', 'silent', 'stopped'])
    .describe('Silent: not heard for 15 s. Stopped: it said that it stops.'),
  startedAt: isoTime,
  heardAt: isoTime,
  heardSecondsAgo: seconds,
  running: z.array(
    z.object({
      jobId: z.string(),
      ruleType: z.enum(ruleTypes),
      object: z.string(),
      stage: z.string(),
      progress: fraction,
      startedAt: nullableTime,
    }),
  ),
  lastHour: z
    .object({ jobs: count, failed: count, minutes: z.number().min(0) })
    .describe('Jobs that it ended in the last hour, and minutes of video in them.'),
})

const workerList = z
  .object({
    items: z.array(worker),
    lastHeardAt: nullableTime.describe('When any worker was last heard. Null if none was in the last hour.'),
    version: z.string().describe('The version of this server. Workers of another version should be updated.'),
  })
  .meta({
    id: 'WorkerList',
    examples: [
      {
        items: [
          {
            workerId: 'worker-1-17-5f0c2a9d',
            name: 'worker-1, process 17',
            version: '1.0.0',
            ffmpeg: '5.1.9-0+deb12u1',
            slots: 4,
            state: 'alive',
            startedAt: '2026-01-02T03:04:05.678Z',
            heardAt: '2026-01-02T05:04:05.678Z',
            heardSecondsAgo: 1.2,
            running: [
              {
                jobId: exampleIds.job,
                ruleType: 'FindSimilarVideo',
                object: 'uploads/clip.mp4',
                stage: 'fingerprint',
                progress: 0.38,
                startedAt: '2026-01-02T05:04:01.002Z',
              },
            ],
            lastHour: { jobs: 412, failed: 1, minutes: 96.2 },
          },
        ],
        lastHeardAt: '2026-01-02T05:04:05.678Z',
        version: '1.0.0',
      },
    ],
  })

export const workerRoutes = adminRoutesOf({
  listWorkers: {
    method: 'get',
    role: 'viewer',
    path: '/admin/workers',
    summary: 'List the workers that are alive, and those that went in the last hour',
    answers: { 200: workerList },
  },
})
