import { jobStates, ruleTypes, storeModes } from '@kinoprint/core'
import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { delivery } from './deliveries.ts'
import {
  count,
  exampleIds,
  exampleOf,
  fraction,
  INVALID_BODY,
  isoTime,
  nullableTime,
  pageOf,
  pageQuery,
  queryFlag,
  seconds,
} from './fields.ts'

import { jobAttempt } from './job-attempt.ts'
import { cancelJobs, cancelledJobs, retriedJobs, retryJobs } from './job-bulk.ts'
import { jobFilterFields, jobStatesQuery } from './job-filter.ts'
import { jobResult } from './job-result.ts'
import { adminRoutesOf } from './route.ts'
import { submitJob } from './submit-job.ts'

const jobSummary = z
  .object({
    jobId: z.string(),
    state: z.enum(jobStates),
    ruleType: z.enum(ruleTypes),
    dnaDbId: z.string(),
    videoId: z
      .string()
      .nullable()
      .describe(
        'The video to delete, or the one whose fingerprint is searched with. For a fingerprint that was sent, its own. Null for other jobs.',
      ),
    bucket: z.string(),
    region: z.string(),
    object: z.string(),
    jobLevel: z.int().min(0).max(limits.jobLevelMax),
    store: z.enum(storeModes).nullable().describe('When it stores the video. Null: as the library says.'),
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
        store: null,
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

/** A job with its result, callbacks and attempts. */
export const job = z
  .object({
    ...jobSummary.shape,
    result: jobResult.nullable(),
    deliveries: z.array(delivery).describe('Callbacks, sent or pending.'),
    timeline: z
      .array(jobAttempt)
      .describe('The last 20 attempts of workers, oldest first. Jobs of earlier versions have none.'),
  })
  .meta({
    id: 'Job',
    examples: [
      {
        ...exampleOf(jobSummary),
        result: exampleOf(jobResult),
        deliveries: [exampleOf(delivery)],
        timeline: [exampleOf(jobAttempt)],
      },
    ],
  })

/** A page of jobs also carries the figures of its filters. */
const jobPage = z
  .object({
    ...pageOf('JobPageItems', jobSummary).shape,
    total: count.describe('How many jobs match, at most 100,000.'),
    counts: z
      .record(z.enum(jobStates), count)
      .describe('Jobs of the same filter without its states, by state. Each is at most 100,000.'),
    reasons: z
      .array(z.object({ code: z.string(), jobs: count }))
      .describe('Why jobs of the filter failed, most frequent first, over its newest 2,000 failed jobs.'),
    exact: z.boolean().describe('False if a count stopped at its limit.'),
    searchedTo: nullableTime.describe(
      'Where the search stopped, in the direction of the order, because it reads no more than 100,000 jobs of one filter, and at 20,000 of two filters or `q`. Null if it read all. Use `from` and `to` to search elsewhere.',
    ),
  })
  .meta({
    id: 'JobPage',
    examples: [
      {
        items: [exampleOf(jobSummary)],
        total: 1,
        page: 1,
        pageSize: 20,
        counts: { Submitted: 0, Running: 0, Success: 1, Failed: 0, Pause: 0, Cancel: 0 },
        reasons: [],
        exact: true,
        searchedTo: null,
      },
    ],
  })

const MISSING = 'The job does not exist.'
const CHANGED = 'The number of matching jobs has changed.'

export const jobRoutes = adminRoutesOf({
  listJobs: {
    method: 'get',
    role: 'viewer',
    path: '/admin/jobs',
    summary: 'List the jobs without their results, with counts by state; up to 100,000 that match',
    query: pageQuery.extend({
      state: jobStatesQuery.optional(),
      ...jobFilterFields,
      order: z.enum(['newest', 'oldest']).default('newest').describe('By time of creation.'),
    }),
    answers: { 200: jobPage },
  },
  submitJob: {
    method: 'post',
    role: 'operator',
    path: '/admin/jobs',
    summary: 'Submit a job, as POST /jobs of the compatible API does for a key',
    body: submitJob,
    answers: { 201: job },
    errors: {
      400: INVALID_BODY,
      403: 'The queue is full.',
      404: 'The library or the video does not exist.',
      409: 'Another video or job has the id.',
    },
  },
  cancelJobs: {
    method: 'post',
    role: 'operator',
    path: '/admin/jobs/cancel',
    summary: 'Cancel every job that matches, e.g. all waiting jobs of a key',
    body: cancelJobs,
    answers: { 200: cancelledJobs },
    errors: { 400: INVALID_BODY, 409: CHANGED },
  },
  retryJobs: {
    method: 'post',
    role: 'operator',
    path: '/admin/jobs/retry',
    summary: 'Run the failed and cancelled jobs of a filter again, except those that cannot succeed',
    query: z.object({ dryRun: queryFlag.describe('Only count the jobs.') }),
    body: retryJobs,
    answers: { 200: retriedJobs },
    errors: { 400: INVALID_BODY, 409: CHANGED },
  },
  getJob: {
    method: 'get',
    role: 'viewer',
    path: '/admin/jobs/{jobId}',
    summary: 'Show a job with its result, callbacks, and timeline of attempts and stages',
    answers: { 200: job },
    errors: { 404: MISSING },
  },
  followJob: {
    method: 'get',
    role: 'viewer',
    path: '/admin/jobs/{jobId}/events',
    summary: 'Follow a job: a server-sent event `job` at once and after every change, until it ends',
    answers: { 200: { bytes: 'text/event-stream' } },
    errors: { 404: MISSING, 429: 'Too many event streams are open.' },
  },
  cancelJob: {
    method: 'post',
    role: 'operator',
    path: '/admin/jobs/{jobId}/cancel',
    summary: 'Cancel a waiting or running job; a running one stops within seconds',
    answers: { 200: job },
    errors: { 404: MISSING, 409: 'The job has ended.' },
  },
  retryJob: {
    method: 'post',
    role: 'operator',
    path: '/admin/jobs/{jobId}/retry',
    summary: 'Run a failed or cancelled job again',
    answers: { 200: job },
    errors: { 404: MISSING, 409: 'The job is waiting, running or has succeeded.' },
  },
  resendDelivery: {
    method: 'post',
    role: 'operator',
    path: '/admin/jobs/{jobId}/deliveries/{deliveryId}/resend',
    summary: 'Send a callback again',
    answers: { 200: delivery },
    errors: { 404: 'The job has no such callback.' },
  },
})
