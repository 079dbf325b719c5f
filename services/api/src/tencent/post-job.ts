import { hash } from 'node:crypto'
import { type JobRequest, jobsDetailXml, jobViewOf, parseJobRequests } from '@kinoprint/contract'
import { currentOrigin, Fault } from '@kinoprint/core'
import { checkObjectName } from '@kinoprint/objects'
import {
  type ApiKey,
  enqueueJobs,
  enqueueTogether,
  getVideo,
  type Job,
  type NewJob,
  type Scope,
  unknownLibrary,
} from '@kinoprint/store'
import type { Request } from 'express'
import { requireCallback } from '../callback-rules.ts'
import type { ApiContext } from '../context.ts'
import { dispatchJobs } from '../dispatch-job.ts'
import { createConcurrencyLimiter } from '../limits/concurrency-limiter.ts'
import { createMicroBatcher } from '../limits/micro-batcher.ts'
import { authorizeRule, isInScope, mayUse } from './authorize.ts'
import { readXmlBody } from './read-xml-body.ts'
import type { TencentHandler } from './tencent-route.ts'

/** Maximum number of concurrent video checks for deletes, which leaves database connections for other requests. */
const DELETE_CHECKS_AT_ONCE = 6
/** Maximum number of concurrent requests for several jobs. Each holds a connection for its transaction. */
const TOGETHER_AT_ONCE = 2
/** Maximum number of submissions written in one statement, which locks the row of their queue. */
const MAX_BATCH_SIZE = 50
/** One batch is in transit while the database writes another. A third would only wait for both. */
const CONCURRENT_BATCHES = 2
const WAIT_MS = 10_000

/** A stored job, and a promise for the end of its dispatch attempt. */
type Submitted = { readonly job: Job; readonly dispatched: Promise<void> }

/** POST /jobs: submits jobs that store, search or delete a video, one for each `Operation`. */
export function postJob(context: ApiContext): TencentHandler {
  const { settings } = context
  const deleteLimiter = createConcurrencyLimiter({ concurrency: DELETE_CHECKS_AT_ONCE, waitMs: WAIT_MS })
  const togetherLimiter = createConcurrencyLimiter({ concurrency: TOGETHER_AT_ONCE, waitMs: WAIT_MS })
  const submissions = createMicroBatcher<NewJob, Submitted>({
    clientOf: ({ secretId }) => secretId ?? '',
    maxBatchSize: MAX_BATCH_SIZE,
    concurrency: CONCURRENT_BATCHES,
    waitMs: WAIT_MS,
    runBatch: (jobs) => submit(context, jobs),
  })
  return async ({ req, key, targetBucket, scope }) => {
    const body = await readXmlBody(req)
    const requests = parseJobRequests(body)
    for (const request of requests) {
      checkRequest(context, key, request)
      if (request.videoId === undefined) continue
      await deleteLimiter.run(key.secretId, () => checkVideo(context, scope, request))
    }
    const requestHash = settings.dedupeSeconds > 0 ? hash('sha256', body) : null
    const jobs = requests.map(
      (request, index): NewJob => ({
        ...request,
        bucket: targetBucket.bucket,
        region: targetBucket.region,
        secretId: key.secretId,
        // Each job of a request needs its own hash, so that a retry returns all of them.
        requestHash: requestHash !== null && index > 0 ? `${requestHash}-${index}` : requestHash,
        dedupeSeconds: isMarkedRetry(req) ? settings.dedupeSeconds : 0,
        libraryMustExist: true,
        // A batch is written for several requests.
        origin: currentOrigin(),
      }),
    )
    const [first] = jobs
    const submitted =
      jobs.length === 1 && first !== undefined
        ? [await submissions.add(first)]
        : await togetherLimiter.run(key.secretId, () => submitTogether(context, jobs))
    await Promise.all(submitted.map(({ dispatched }) => dispatched))
    return jobsDetailXml(
      submitted.map(({ job }) => jobViewOf(job)),
      { resultTag: settings.resultTag },
    )
  }
}

/** Throws a Fault unless the key may submit the job and the server can run it. Reads nothing. */
function checkRequest({ settings }: ApiContext, key: ApiKey, request: JobRequest): void {
  authorizeRule(key, request.ruleType)
  requireCallback(settings, request.callback)
  if (request.ruleType !== 'DeleteFingerPrint') checkObjectName(request.object)
  if (!mayUse(key.libraries, request.dnaDbId)) throw unknownLibrary(request.dnaDbId)
}

/** Official SDKs mark a retry with this header. Equal requests without it are separate jobs. */
function isMarkedRetry(req: Request): boolean {
  return req.get('x-cos-sdk-retry')?.trim().toLowerCase() === 'true'
}

/** Stores a batch and starts its dispatch, which overlaps with the next batch. */
async function submit(context: ApiContext, jobs: readonly NewJob[]): Promise<(Submitted | Fault)[]> {
  const outcomes = await enqueueJobs(context.db, jobs, { waitingPerKey: context.settings.waitingPerKey })
  const stored = outcomes.flatMap((outcome) => (outcome instanceof Fault ? [] : [outcome]))
  const dispatched = dispatchJobs(context, stored)
  return outcomes.map((outcome) => (outcome instanceof Fault ? outcome : { job: outcome, dispatched }))
}

/** Stores the jobs of one request, all or none. */
async function submitTogether(context: ApiContext, jobs: readonly NewJob[]): Promise<Submitted[]> {
  const stored = await enqueueTogether(context.db, jobs, { waitingPerKey: context.settings.waitingPerKey })
  const dispatched = dispatchJobs(context, stored)
  return stored.map((job) => ({ job, dispatched }))
}

/** Throws Fault InvalidArgument unless the library has the video to delete and the video is in scope. */
async function checkVideo(
  { db }: ApiContext,
  scope: Scope,
  { dnaDbId, videoId = '' }: JobRequest,
): Promise<void> {
  const video = await getVideo(db, { dnaDbId, videoId })
  if (video === null || !isInScope(scope, video)) {
    throw new Fault('InvalidArgument', `Library ${dnaDbId} has no video ${videoId}.`)
  }
}
