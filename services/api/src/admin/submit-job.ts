import type { RouteRequest } from '@kinoprint/contract'
import { Fault, jobIdOfVideo } from '@kinoprint/core'
import { checkObjectName } from '@kinoprint/objects'
import * as store from '@kinoprint/store'
import { type Dispatching, dispatchJob } from '../dispatch-job.ts'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'
import { jobBody } from './job-bodies.ts'

type Context = Pick<AdminContext, 'db'> &
  Dispatching & {
    readonly settings: Pick<AdminContext['settings'], 'defaultBucket' | 'defaultRegion'>
  }

type Body = RouteRequest<'submitJob'>['body']

/** Submits a job without a key. */
export async function submitJob(context: Context, { body }: JsonRequest<'submitJob'>): Answer<'submitJob'> {
  const { db } = context
  const job = await store.enqueueJob(db, await newJobOf(context, body))
  await dispatchJob(context, job)
  return jobBody(job, { deliveries: [], timeline: [] })
}

async function newJobOf(
  { db, settings }: Context,
  { videoId, bucket = settings.defaultBucket, region = settings.defaultRegion, object = '', ...fields }: Body,
): Promise<store.NewJob> {
  const { dnaDbId } = fields
  if ((await store.getLibrary(db, dnaDbId)) === null)
    throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
  if (videoId === undefined) {
    checkObjectName(object)
    return { ...fields, bucket, region, object, libraryMustExist: true }
  }
  if (fields.ruleType === 'FindSimilarVideo') return { ...fields, videoId, ...(await sourceOf(db, videoId)) }
  const video = await store.getVideo(db, { dnaDbId, videoId })
  if (video === null) throw new Fault('NotFound', `Library ${dnaDbId} has no video ${videoId}.`)
  return { ...fields, videoId, bucket: video.bucket, region: video.region, object: video.object }
}

/** Where the file of a VideoId was: a stored video of any library, or the query of an earlier search. */
async function sourceOf(
  db: Context['db'],
  videoId: string,
): Promise<Pick<store.NewJob, 'bucket' | 'region' | 'object'>> {
  const video = await store.findVideo(db, videoId)
  const [job] = video === null ? await store.getJobHeads(db, [jobIdOfVideo(videoId)]) : []
  const source = video ?? job
  if (source === undefined)
    throw new Fault('NotFound', `Video ${videoId} is neither stored nor the query of an earlier search.`)
  return { bucket: source.bucket, region: source.region, object: source.object }
}
