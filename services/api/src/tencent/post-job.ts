import { createHash } from 'node:crypto'
import { Fault, type JobRequest, jobsDetailXml, jobViewOf, parseJobRequest } from '@kinoprint/contract'
import { checkObject } from '@kinoprint/objects'
import { type ApiKey, getLibrary, getVideo, insertJobs, type Job, type NewJob } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import { dispatchJobs } from '../dispatch-job.ts'
import { requireBroker } from '../require-broker.ts'
import { mayUse } from './authorize.ts'
import { createBatches } from './batches.ts'
import { readXmlBody } from './read-xml-body.ts'
import type { TencentHandler } from './tencent-route.ts'
import { createTurns } from './turns.ts'

/** Submissions that ask the database at once: the rest of its clients are for everybody else. */
const AT_ONCE = 6
/** Submissions that are written together, behind their queue's row. */
const BATCH = 50
const WAIT_MS = 10_000

/** POST /jobs: store, search or delete. */
export const postJob = (context: ApiContext): TencentHandler => {
  const { db } = context
  const turns = createTurns({ atOnce: AT_ONCE, waitMs: WAIT_MS })
  const inserts = createBatches<NewJob, Job>({
    most: BATCH,
    waitMs: WAIT_MS,
    work: (jobs) => insertJobs(db, jobs),
  })
  const dispatches = createBatches<Job, Job>({
    most: BATCH,
    waitMs: WAIT_MS,
    work: async (jobs) => {
      await dispatchJobs(context, jobs)
      return jobs
    },
  })
  return async ({ req, key, place }) => {
    const { settings } = context
    const body = await readXmlBody(req)
    const asked = parseJobRequest(body)
    if (asked.callback?.type === 'TDMQ') requireBroker(settings)
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
      requestHash: createHash('sha256').update(body).digest('hex'),
      dedupeSeconds: settings.dedupeSeconds,
    }
    await turns.take(() => checkTarget(context, key, asked))
    const job = await inserts.add(fields)
    // It stands already: where the queue keeps everybody waiting, the reconciler dispatches it later.
    await dispatches.add(job).catch(() => undefined)
    return jobsDetailXml(jobViewOf(job), { resultTag: settings.resultTag })
  }
}

/** The library, and the video of a delete, must exist for this key. */
const checkTarget = async ({ db }: ApiContext, key: ApiKey, asked: JobRequest): Promise<void> => {
  const { dnaDbId, videoId } = asked
  const library = mayUse(key.libraries, dnaDbId) ? await getLibrary(db, dnaDbId) : null
  if (library === null) throw new Fault('InvalidArgument', `DnaDbId ${dnaDbId} is not a library here.`)
  if (videoId === undefined) return
  const video = await getVideo(db, { dnaDbId, videoId })
  if (video === null || !mayUse(key.buckets, video.bucket)) {
    throw new Fault('InvalidArgument', `VideoId ${videoId} is not in library ${dnaDbId}.`)
  }
}
