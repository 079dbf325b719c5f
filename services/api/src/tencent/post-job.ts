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

/** POST /jobs: store, search or delete. */
export const postJob =
  (context: ApiContext): TencentHandler =>
  async ({ req, key, place }) => {
    const { db, settings } = context
    const body = await readXmlBody(req)
    const asked = parseJobRequest(body)
    if (asked.callback?.type === 'TDMQ') requireBroker(settings)
    if (asked.ruleType !== 'DeleteFingerPrint') checkObject(asked.object)
    await checkTarget(context, key, asked)
    const job = await insertJob(db, {
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
    })
    await dispatchJob(context, job)
    return jobsDetailXml(jobViewOf(job), { resultTag: settings.resultTag })
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
