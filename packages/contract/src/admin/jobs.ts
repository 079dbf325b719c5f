import { jobStates, ruleTypes } from '@kinoprint/core'
import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import {
  count,
  fraction,
  id,
  isoTime,
  nullableTime,
  pageOf,
  pageQueryShape,
  percent,
  seconds,
  text,
} from './fields.ts'

/** GET /admin/jobs */
export const adminJobsQuerySchema = z.object({
  ...pageQueryShape,
  state: z.enum(jobStates).optional(),
  ruleType: z.enum(ruleTypes).optional(),
  dnaDbId: id.optional(),
  object: text(limits.objectBytesMax).optional().describe('Only jobs of exactly this object.'),
})
export type AdminJobsQuery = z.output<typeof adminJobsQuerySchema>

export const segmentSchema = z
  .object({
    queryStart: seconds,
    queryEnd: seconds,
    refStart: seconds,
    refEnd: seconds,
    score: fraction,
    kind: z.enum(['video', 'audio', 'both']),
    speed: z.number().positive().describe('How much faster the copy runs than the stored video.'),
    mirrored: z.boolean().describe('The copy shows the picture mirrored left to right.'),
    reversed: z.boolean().describe('The copy plays the passage backwards.'),
    turn: z
      .literal([0, 90, 180, 270])
      .describe('Degrees by which the copy shows the picture turned clockwise, after it was mirrored.'),
  })
  .describe('One passage that both videos share, in decimal seconds of each.')

export const detectionSchema = z.object({
  videoId: z.string(),
  object: z.string(),
  durationSeconds: seconds.describe('Of the stored video.'),
  score: fraction.describe('The confidence that this is a copy.'),
  similar: percent,
  audioSimilar: percent,
  queryCoverage: fraction,
  refCoverage: fraction,
  segments: z.array(segmentSchema),
})

export const jobResultSchema = z.object({
  videoId: z.string(),
  durationSeconds: seconds.describe('Of the input.'),
  detections: z.array(detectionSchema),
  truncated: z
    .object({ detections: count, segments: count })
    .nullable()
    .describe('What was found beyond the limits of a result, and is left out; null where nothing was.'),
})

export const deliverySchema = z.object({
  deliveryId: count,
  status: z.enum(['Pending', 'Delivered', 'Failed']),
  type: z.enum(['Url', 'TDMQ']),
  format: z.enum(['XML', 'JSON']),
  url: z.string().nullable(),
  mqMode: z.enum(['Queue', 'Topic']).nullable(),
  mqRegion: z.string().nullable(),
  mqName: z.string().nullable(),
  attempts: count,
  nextAt: nullableTime.describe('When it is tried again.'),
  lastStatus: z.int().nullable().describe('What the receiver answered last.'),
  lastError: z.string().nullable(),
  tries: z
    .array(
      z.object({
        attempt: count,
        at: isoTime.describe('When it ended.'),
        seconds: seconds.describe('How long it took.'),
        httpStatus: z.int().nullable(),
        error: z.string().nullable().describe('Null where it arrived.'),
      }),
    )
    .describe('The newest 50 attempts, oldest first.'),
  createdAt: isoTime,
  endedAt: nullableTime,
})
export type DeliveryBody = z.output<typeof deliverySchema>

const jobShape = {
  jobId: z.string(),
  state: z.enum(jobStates),
  ruleType: z.enum(ruleTypes),
  dnaDbId: z.string(),
  videoId: z.string().nullable().describe('The video to delete; null for the other kinds.'),
  bucket: z.string(),
  region: z.string(),
  object: z.string(),
  jobLevel: z.int().min(0).max(2),
  userData: z.string().nullable(),
  queueId: z.string(),
  secretId: z.string().nullable().describe('The key that asked for it.'),
  stage: z.string().describe('What the worker is doing.'),
  progress: fraction,
  attempts: count.describe('How often a worker took it.'),
  createdAt: isoTime,
  startedAt: nullableTime,
  endedAt: nullableTime,
  waitSeconds: seconds.nullable().describe('From creation to start.'),
  runSeconds: seconds.nullable().describe('From start to end.'),
  error: z
    .object({ code: z.string(), message: z.string(), cause: z.string().nullable() })
    .nullable()
    .describe('Why it failed.'),
}

/** A row of GET /admin/jobs: the job without its result and deliveries. */
export const jobSummarySchema = z.object(jobShape)
export type JobSummaryBody = z.output<typeof jobSummarySchema>
export const jobPageSchema = pageOf(jobSummarySchema)

/** GET /admin/jobs/:jobId */
export const jobSchema = z.object({
  ...jobShape,
  result: jobResultSchema.nullable(),
  deliveries: z.array(deliverySchema).describe('Callbacks, sent or waiting.'),
})
export type JobBody = z.output<typeof jobSchema>

/** POST /admin/jobs/cancel. At least one filter besides `states`: an empty body must not cancel everything. */
export const cancelJobsSchema = z
  .strictObject({
    bucket: id.optional().describe('Jobs of this bucket.'),
    region: id.optional().describe('Jobs of this region.'),
    queueId: id.optional().describe('Jobs in this queue.'),
    secretId: id.optional().describe('Jobs that this key asked for.'),
    dnaDbId: id.optional().describe('Jobs of this library.'),
    states: z
      .array(z.enum(['Submitted', 'Pause', 'Running']))
      .min(1)
      .optional()
      .describe('Submitted and Pause where absent.'),
  })
  .refine(
    ({ states: _, ...filters }) => Object.values(filters).some((value) => value !== undefined),
    'names no job: give at least one of bucket, region, queueId, secretId and dnaDbId',
  )

export const cancelledJobsSchema = z.object({ cancelled: count.describe('How many jobs were cancelled.') })
