import { Fault, type RuleType } from '@kinoprint/core'
import { checkBucketName, checkObjectName } from '@kinoprint/objects'
import * as store from '@kinoprint/store'
import { dispatchJobs } from '../dispatch-job.ts'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

type Context = Pick<AdminContext, 'db' | 'queue' | 'log' | 'settings' | 'objects'>
type Record = JsonRequest<'receiveObjectEvents'>['body']['Records'][number]

/** MinIO and Ceph differ in the prefix. */
const CREATED = /^(?:s3:)?ObjectCreated:/
/** Of a bucket with versions, removing an object creates a marker. */
const REMOVED = /^(?:s3:)?ObjectRemoved:/

/** Folders of Kinoprint in buckets, whose objects are its own. */
const OWN = /^(?:\.uploads|\.comparisons|\.hashing|try-it)\//

/**
 * Submits a job for each event of a created object, and if wanted of a removed one. An event that has made a job before is counted only. If the queue is
 * full, the request fails, and the store sends its events again; those that have made a job are not repeated.
 */
export async function receiveObjectEvents(
  context: Context,
  { params: { dnaDbId }, query: { ruleType, removed, region }, body }: JsonRequest<'receiveObjectEvents'>,
): Answer<'receiveObjectEvents'> {
  const { db, settings } = context
  if ((await store.getLibrary(db, dnaDbId)) === null)
    throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
  const submitted: store.Job[] = []
  const ignored: Ignored[] = []
  let repeated = 0
  try {
    for (const record of body.Records) {
      const event = eventOf(record)
      const work = 'reason' in event ? event : await workOf(context, { dnaDbId, ruleType, removed }, event)
      const { bucket, object } = event
      if ('version' in event && 'ruleType' in work) {
        const location = { bucket, object, region: region ?? settings.defaultRegion }
        const newJob = { job: { ...location, ...work, dnaDbId }, version: event.version }
        const job = await store.enqueueEventJob(db, newJob)
        if (job === null) repeated++
        else submitted.push(job)
      } else if ('reason' in work)
        ignored.push({ eventName: event.eventName, bucket, object, reason: work.reason })
    }
  } finally {
    await dispatchJobs(context, submitted)
  }
  const jobs = submitted.map(({ jobId, bucket, object }) => ({ jobId, bucket, object }))
  return { jobs, repeated, ignored }
}

type Ignored = {
  readonly eventName: string
  readonly bucket: string
  readonly object: string
  readonly reason: string
}

type ObjectEvent = {
  readonly eventName: string
  readonly bucket: string
  readonly object: string
  readonly version: string
}

type Rules = JsonRequest<'receiveObjectEvents'>['query'] & { readonly dnaDbId: string }
type Work = { readonly ruleType: RuleType; readonly videoId?: string } | { readonly reason: string }

/** The job that an event makes, or why it makes none. */
async function workOf(
  { db, objects }: Context,
  { dnaDbId, ruleType, removed }: Pick<Rules, 'dnaDbId' | 'ruleType' | 'removed'>,
  { eventName, bucket, object }: ObjectEvent,
): Promise<Work> {
  if (CREATED.test(eventName)) return { ruleType }
  if (removed === 'keep')
    return { reason: 'The videos of removed objects stay. With removed=delete, they are deleted.' }
  const video = await store.findVideoByObject(db, { dnaDbId, bucket, object })
  if (video === null) return { reason: 'The library has no video of the object.' }
  // Events may arrive late.
  if (await objects.exists(bucket, object)) return { reason: 'The object exists again.' }
  return { ruleType: 'DeleteFingerPrint', videoId: video.videoId }
}

function eventOf({ eventName, s3 }: Record): ObjectEvent | Ignored {
  const bucket = s3.bucket.name
  const object = decoded(s3.object.key)
  const ignore = (reason: string): Ignored => ({ eventName, bucket, object: object ?? s3.object.key, reason })
  if (!CREATED.test(eventName) && !REMOVED.test(eventName))
    return ignore('Only events of created and removed objects make jobs.')
  if (object === null) return ignore('The key is not URL-encoded UTF-8.')
  if (OWN.test(object)) return ignore('Kinoprint made the object.')
  if (object.endsWith('/')) return ignore('It is a folder.')
  try {
    checkBucketName(bucket)
    checkObjectName(object)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return ignore(error.message)
  }
  const version = s3.object.sequencer || s3.object.eTag
  return version
    ? { eventName, bucket, object, version }
    : ignore('The event has neither sequencer nor eTag.')
}

/** Keys are encoded as in forms. Null for one that is not. */
function decoded(key: string): string | null {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return null
  }
}
