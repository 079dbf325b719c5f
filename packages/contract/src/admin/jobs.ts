import { jobStates, ruleTypes } from '@kinoprint/core'
import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { delivery } from './deliveries.ts'
import {
  count,
  exampleIds,
  exampleOf,
  fraction,
  INVALID_BODY,
  id,
  isoTime,
  nullableTime,
  pageOf,
  pageQuery,
  seconds,
  text,
} from './fields.ts'
import { jobResult } from './job-result.ts'
import { adminRoutesOf } from './route.ts'

const jobSummary = z
  .object({
    jobId: z.string(),
    state: z.enum(jobStates),
    ruleType: z.enum(ruleTypes),
    dnaDbId: z.string(),
    videoId: z.string().nullable().describe('The video to delete. Null for other jobs.'),
    bucket: z.string(),
    region: z.string(),
    object: z.string(),
    jobLevel: z.int().min(0).max(limits.jobLevelMax),
    userData: z.string().nullable(),
    queueId: z.string(),
    secretId: z.string().nullable().describe('The key that submitted the job.'),
    stage: z.string().describe('What the worker is doing.'),
    progress: fraction,
    attempts: count.describe('How many times a worker has started the job.'),
    createdAt: isoTime,
    startedAt: nullableTime,
    endedAt: nullableTime,
    waitSeconds: seconds.nullable().describe('From creation to start.'),
    runSeconds: seconds.nullable().describe('From start to end.'),
    error: z
      .object({ code: z.string(), message: z.string(), cause: z.string().nullable() })
      .nullable()
      .describe('Why the job failed.'),
  })
  .meta({
    id: 'JobSummary',
    examples: [
      {
        jobId: exampleIds.job,
        state: 'Success',
        ruleType: 'FindSimilarVideo',
        dnaDbId: exampleIds.library,
        videoId: null,
        bucket: 'films-125',
        region: 'local',
        object: 'uploads/clip.mp4',
        jobLevel: 0,
        userData: null,
        queueId: exampleIds.queue,
        secretId: exampleIds.key,
        stage: '',
        progress: 1,
        attempts: 1,
        createdAt: '2026-01-02T03:04:05.678Z',
        startedAt: '2026-01-02T03:04:06.002Z',
        endedAt: '2026-01-02T03:04:20.806Z',
        waitSeconds: 0.324,
        runSeconds: 14.804,
        error: null,
      },
    ],
  })

const job = z
  .object({
    ...jobSummary.shape,
    result: jobResult.nullable(),
    deliveries: z.array(delivery).describe('Callbacks, sent or pending.'),
  })
  .meta({
    id: 'Job',
    examples: [{ ...exampleOf(jobSummary), result: exampleOf(jobResult), deliveries: [exampleOf(delivery)] }],
  })

/** At least one filter besides `states`: an empty body must not cancel every job. */
const cancelJobs = z
  .strictObject({
    bucket: id.optional().describe('Jobs of this bucket.'),
    region: id.optional().describe('Jobs of this region.'),
    queueId: id.optional().describe('Jobs in this queue.'),
    secretId: id.optional().describe('Jobs that this key submitted.'),
    dnaDbId: id.optional().describe('Jobs of this library.'),
    states: z
      .array(z.enum(['Submitted', 'Pause', 'Running']))
      .min(1)
      .optional()
      .describe('Jobs in these states. Default: Submitted and Pause.'),
  })
  .refine(
    ({ states: _, ...filters }) => Object.values(filters).some((value) => value !== undefined),
    'give at least one of bucket, region, queueId, secretId and dnaDbId',
  )
  .meta({ id: 'CancelJobs', examples: [{ secretId: exampleIds.key }] })

const cancelledJobs = z
  .object({ cancelled: count.describe('How many jobs were cancelled.') })
  .meta({ id: 'CancelledJobs', examples: [{ cancelled: 12 }] })

const MISSING = 'The job does not exist.'

export const jobRoutes = adminRoutesOf({
  listJobs: {
    method: 'get',
    path: '/admin/jobs',
    summary: 'List the jobs without their results, newest first, up to the newest 10,000 that match',
    query: pageQuery.extend({
      state: z.enum(jobStates).optional(),
      ruleType: z.enum(ruleTypes).optional(),
      dnaDbId: id.optional(),
      object: text(limits.objectBytesMax).optional().describe('Only jobs for exactly this object.'),
    }),
    answers: { 200: pageOf('JobPage', jobSummary) },
  },
  cancelJobs: {
    method: 'post',
    path: '/admin/jobs/cancel',
    summary: 'Cancel every job that matches, e.g. all waiting jobs of a key',
    body: cancelJobs,
    answers: { 200: cancelledJobs },
    errors: { 400: INVALID_BODY },
  },
  getJob: {
    method: 'get',
    path: '/admin/jobs/{jobId}',
    summary: 'Show a job with its result and callbacks',
    answers: { 200: job },
    errors: { 404: MISSING },
  },
  followJob: {
    method: 'get',
    path: '/admin/jobs/{jobId}/events',
    summary: 'Follow a job: a server-sent event `job` at once and after every change, until it ends',
    answers: { 200: { bytes: 'text/event-stream' } },
    errors: { 404: MISSING, 429: 'Too many event streams are open.' },
  },
  cancelJob: {
    method: 'post',
    path: '/admin/jobs/{jobId}/cancel',
    summary: 'Cancel a waiting or running job; a running one stops within seconds',
    answers: { 200: job },
    errors: { 404: MISSING, 409: 'The job has ended.' },
  },
  retryJob: {
    method: 'post',
    path: '/admin/jobs/{jobId}/retry',
    summary: 'Run a failed or cancelled job again',
    answers: { 200: job },
    errors: { 404: MISSING, 409: 'The job is waiting, running or has succeeded.' },
  },
  resendDelivery: {
    method: 'post',
    path: '/admin/jobs/{jobId}/deliveries/{deliveryId}/resend',
    summary: 'Send a callback again',
    answers: { 200: delivery },
    errors: { 404: 'The job has no such callback.' },
  },
})
