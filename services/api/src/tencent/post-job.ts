import { hash } from 'node:crypto'
import { type JobRequest, jobsDetailXml, jobViewOf, parseJobRequest } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { checkObject } from '@kinoprint/objects'
import { enqueueJobs, getLibrary, getVideo, type Job, type NewJob, type Scope } from '@kinoprint/store'
import type { Request } from 'express'
import type { ApiContext } from '../context.ts'
import { dispatchJobs } from '../dispatch-job.ts'
import { requireAllowedCallback } from '../require-allowed-callback.ts'
import { requireBroker } from '../require-broker.ts'
import { mayUse } from './authorize.ts'
import { createBatches } from './batches.ts'
import { readXmlBody } from './read-xml-body.ts'
import { isInScope } from './tenant-scope.ts'
import type { TencentHandler } from './tencent-route.ts'
import { createTurns } from './turns.ts'

/** Deletes that ask the database for their video at once: the rest of its clients are for everybody else. */
const AT_ONCE = 6
/** Submissions that are written together, behind their queue's row. */
const BATCH = 50
/** One batch is on its way to the database while it writes another: a third would only wait behind both. */
const BATCHES_AT_ONCE = 2
const WAIT_MS = 10_000

/** A job that is written, and when the queue has been told of it or could not be. */
type Submitted = { readonly job: Job; readonly told: Promise<void> }

/** POST /jobs: store, search or delete. */
export const postJob = (context: ApiContext): TencentHandler => {
  const turns = createTurns({ atOnce: AT_ONCE, waitMs: WAIT_MS })
  const submissions = createBatches<NewJob, Submitted>({
    nameOf: ({ secretId }) => secretId ?? '',
    most: BATCH,
    atOnce: BATCHES_AT_ONCE,
    waitMs: WAIT_MS,
    work: (jobs) => submit(context, jobs),
  })
  return async ({ req, key, place, scope }) => {
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
      bucket: place.bucket,
      region: place.region,
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
    if (asked.videoId !== undefined) await turns.take(key.secretId, () => checkVideo(context, scope, asked))
    const { job, told } = await submissions.add(fields)
    await told
    return jobsDetailXml(jobViewOf(job), { resultTag: settings.resultTag })
  }
}

/** Official SDKs mark a repeat; two equal requests without the mark are two jobs. */
const isMarkedRetry = (req: Request): boolean => req.get('x-cos-sdk-retry')?.trim().toLowerCase() === 'true'

/** The next ones are written while the queue is told of these. */
const submit = async (context: ApiContext, asked: readonly NewJob[]): Promise<(Submitted | Fault)[]> => {
  const outcomes = await enqueueJobs(context.db, asked, { waitingPerKey: context.settings.waitingPerKey })
  const jobs = outcomes.flatMap((outcome) => (outcome instanceof Fault ? [] : outcome))
  const told = dispatchJobs(context, jobs)
  return outcomes.map((outcome) => (outcome instanceof Fault ? outcome : { job: outcome, told }))
}

const noLibrary = ({ dnaDbId }: JobRequest): Fault =>
  new Fault('InvalidArgument', `DnaDbId ${dnaDbId} is not a library here.`)

/** The video of a delete must be in scope, and its library must exist. */
const checkVideo = async ({ db }: ApiContext, scope: Scope, asked: JobRequest): Promise<void> => {
  const { dnaDbId, videoId = '' } = asked
  if ((await getLibrary(db, dnaDbId)) === null) throw noLibrary(asked)
  const video = await getVideo(db, { dnaDbId, videoId })
  if (video === null || !isInScope(scope, video)) {
    throw new Fault('InvalidArgument', `VideoId ${videoId} is not in library ${dnaDbId}.`)
  }
}
