import { hash } from 'node:crypto'
import { type JobRequest, jobsDetailXml, jobViewOf, parseJobRequest } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { checkObject } from '@kinoprint/objects'
import { enqueueJobs, getLibrary, getVideo, type Job, type NewJob, type Scope } from '@kinoprint/store'
import type { Request } from 'express'
import { requireAllowedCallback, requireBroker } from '../callback-rules.ts'
import type { ApiContext } from '../context.ts'
import { dispatchJobs } from '../dispatch-job.ts'
import { createConcurrencyLimiter } from '../limits/concurrency-limiter.ts'
import { createMicroBatcher } from '../limits/micro-batcher.ts'
import { isInScope, mayUse } from './authorize.ts'
import { readXmlBody } from './read-xml-body.ts'
import type { TencentHandler } from './tencent-route.ts'

/** Deletes that ask the database for their video at once: the rest of its clients are for everybody else. */
const DELETE_CHECKS_AT_ONCE = 6
/** Submissions that are written together, behind their queue's row. */
const MAX_BATCH_SIZE = 50
/** One batch is on its way to the database while it writes another: a third would only wait behind both. */
const CONCURRENT_BATCHES = 2
const WAIT_MS = 10_000

/** A job that is written, and when the queue has been told of it or could not be. */
type Submitted = { readonly job: Job; readonly told: Promise<void> }

/** POST /jobs: store, search or delete. */
export function postJob(context: ApiContext): TencentHandler {
  const deleteLimiter = createConcurrencyLimiter({ concurrency: DELETE_CHECKS_AT_ONCE, waitMs: WAIT_MS })
  const submissions = createMicroBatcher<NewJob, Submitted>({
    nameOf: ({ secretId }) => secretId ?? '',
    maxBatchSize: MAX_BATCH_SIZE,
    concurrency: CONCURRENT_BATCHES,
    waitMs: WAIT_MS,
    runBatch: (jobs) => submit(context, jobs),
  })
  return async ({ req, key, targetBucket, scope }) => {
    const { settings } = context
    const body = await readXmlBody(req)
    const asked = parseJobRequest(body)
    if (asked.callback?.type === 'TDMQ') requireBroker(settings, asked.callback.mqName ?? '')
    requireAllowedCallback(settings, asked.callback?.url)
    if (asked.ruleType !== 'DeleteFingerPrint') checkObject(asked.object)
    const fields = {
      ruleType: asked.ruleType,
      dnaDbId: asked.dnaDbId,
      videoId: asked.videoId,
      bucket: targetBucket.bucket,
      region: targetBucket.region,
      object: asked.object,
      jobLevel: asked.jobLevel,
      userData: asked.userData,
      queueId: asked.queueId,
      callback: asked.callback,
      secretId: key.secretId,
      tag: asked.tag,
      requestHash: settings.dedupeSeconds > 0 ? hash('sha256', body) : null,
      dedupeSeconds: isMarkedRetry(req) ? settings.dedupeSeconds : 0,
      libraryMustExist: true,
    }
    if (!mayUse(key.libraries, asked.dnaDbId)) throw noLibrary(asked)
    if (asked.videoId !== undefined)
      await deleteLimiter.run(key.secretId, () => checkVideo(context, scope, asked))
    const { job, told } = await submissions.add(fields)
    await told
    return jobsDetailXml(jobViewOf(job), { resultTag: settings.resultTag })
  }
}

/** Official SDKs mark a repeat; two equal requests without the mark are two jobs. */
function isMarkedRetry(req: Request): boolean {
  return req.get('x-cos-sdk-retry')?.trim().toLowerCase() === 'true'
}

/** The next ones are written while the queue is told of these. */
async function submit(context: ApiContext, asked: readonly NewJob[]): Promise<(Submitted | Fault)[]> {
  const outcomes = await enqueueJobs(context.db, asked, { waitingPerKey: context.settings.waitingPerKey })
  const jobs = outcomes.flatMap((outcome) => (outcome instanceof Fault ? [] : outcome))
  const told = dispatchJobs(context, jobs)
  return outcomes.map((outcome) => (outcome instanceof Fault ? outcome : { job: outcome, told }))
}

function noLibrary({ dnaDbId }: JobRequest): Fault {
  return new Fault('InvalidArgument', `DnaDbId ${dnaDbId} is not a library here.`)
}

/** The video of a delete must be in scope, and its library must exist. */
async function checkVideo({ db }: ApiContext, scope: Scope, asked: JobRequest): Promise<void> {
  const { dnaDbId, videoId = '' } = asked
  if ((await getLibrary(db, dnaDbId)) === null) throw noLibrary(asked)
  const video = await getVideo(db, { dnaDbId, videoId })
  if (video === null || !isInScope(scope, video)) {
    throw new Fault('InvalidArgument', `VideoId ${videoId} is not in library ${dnaDbId}.`)
  }
}
