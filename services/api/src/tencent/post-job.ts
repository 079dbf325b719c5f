import { createHash } from 'node:crypto'
import { Fault, type JobRequest, jobsDetailXml, jobViewOf, parseJobRequest } from '@kinoprint/contract'
import { checkObject } from '@kinoprint/objects'
import { type ApiKey, getLibrary, getVideo, insertJob } from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import { dispatchJob } from '../dispatch-job.ts'
import { requireBroker } from '../require-broker.ts'
import { mayUse } from './authorize.ts'
import { readXmlBody } from './read-xml-body.ts'
import type { TencentHandler } from './tencent-route.ts'
import { createTurns } from './turns.ts'

/**
 * Submissions that are written at once: they go one after the other behind their queue's row anyway, and the rest of
 * the database's clients are for everybody else.
 */
const AT_ONCE = 6
const WAIT_MS = 10_000

/** POST /jobs: store, search or delete. */
export const postJob = (context: ApiContext): TencentHandler => {
  const turns = createTurns({ atOnce: AT_ONCE, waitMs: WAIT_MS })
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
    const job = await turns.take(async () => {
      await checkTarget(context, key, asked)
      const inserted = await insertJob(context.db, fields)
      await dispatchJob(context, inserted)
      return inserted
    })
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
