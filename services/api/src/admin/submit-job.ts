import type { RouteRequest } from '@kinoprint/contract'
import { errorCode, Fault, jobIdOfVideo } from '@kinoprint/core'
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
  const newJob = await newJobOf(context, body)
  const job = await store.enqueueJob(db, newJob).catch((error: unknown) => {
    // The id that the caller chose.
    if (errorCode(error) === UNIQUE_VIOLATION) throw takenId(newJob.jobId ?? '')
    throw error
  })
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
  if (videoId === undefined || fields.ruleType === 'GetFingerPrint') {
    checkObjectName(object)
    const jobId = videoId && (await jobIdFor(db, { videoId, dnaDbId, bucket, object }))
    return { ...fields, jobId, bucket, region, object, libraryMustExist: true }
  }
  if (fields.ruleType === 'FindSimilarVideo') return { ...fields, videoId, ...(await sourceOf(db, videoId)) }
  const video = await store.getVideo(db, { dnaDbId, videoId })
  if (video === null) throw new Fault('NotFound', `Library ${dnaDbId} has no video ${videoId}.`)
  return { ...fields, videoId, bucket: video.bucket, region: video.region, object: video.object }
}

const UNIQUE_VIOLATION = '23505'

type WantedVideo = Pick<store.Video, 'videoId' | 'dnaDbId' | 'bucket' | 'object'>

/** The id of a job whose new video gets this id. Throws Fault Conflict if another video or a job has the id. */
async function jobIdFor(db: Context['db'], { videoId, ...wanted }: WantedVideo): Promise<string> {
  const jobId = jobIdOfVideo(videoId)
  const [video, jobs] = [await store.findVideo(db, videoId), await store.getJobHeads(db, [jobId])]
  const isSame =
    video !== null &&
    [video.dnaDbId, video.bucket, video.object].join('\0') ===
      [wanted.dnaDbId, wanted.bucket, wanted.object].join('\0')
  if (video !== null && !isSame)
    throw new Fault('Conflict', `Library ${video.dnaDbId} has video ${videoId} already. Choose another id.`)
  if (jobs.length > 0) throw takenId(jobId)
  return jobId
}

function takenId(jobId: string): Fault {
  return new Fault(
    'Conflict',
    `Job ${jobId} has the same digits as this video. Run it again (POST /admin/jobs/${jobId}/retry), or choose another id.`,
  )
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
