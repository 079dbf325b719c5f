import { Fault } from '@kinoprint/core'
import { checkBucketName, checkObjectName } from '@kinoprint/objects'
import * as store from '@kinoprint/store'
import { dispatchJobs } from '../dispatch-job.ts'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

type Context = Pick<AdminContext, 'db' | 'queue' | 'log' | 'settings'>
type Record = JsonRequest<'receiveObjectEvents'>['body']['Records'][number]

/** Folders of Kinoprint in buckets, whose objects are its own. */
const OWN = /^(?:\.uploads|\.comparisons|try-it)\//

/**
 * Submits a job for each event of a created object. An event that has made a job before is counted only. If the queue is
 * full, the request fails, and the store sends its events again; those that have made a job are not repeated.
 */
export async function receiveObjectEvents(
  context: Context,
  { params: { dnaDbId }, query: { ruleType, region }, body }: JsonRequest<'receiveObjectEvents'>,
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
      if ('reason' in event) {
        ignored.push(event)
        continue
      }
      const { bucket, object, version } = event
      const location = { bucket, object, region: region ?? settings.defaultRegion }
      const job = await store.enqueueEventJob(db, { job: { ...location, ruleType, dnaDbId }, version })
      if (job === null) repeated++
      else submitted.push(job)
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

type Created = { readonly bucket: string; readonly object: string; readonly version: string }

function eventOf({ eventName, s3 }: Record): Created | Ignored {
  const bucket = s3.bucket.name
  const object = decoded(s3.object.key)
  const ignore = (reason: string): Ignored => ({ eventName, bucket, object: object ?? s3.object.key, reason })
  if (!/^(?:s3:)?ObjectCreated:/.test(eventName)) return ignore('Only events of created objects make jobs.')
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
  return version ? { bucket, object, version } : ignore('The event has neither sequencer nor eTag.')
}

/** Keys are encoded as in forms. Null for one that is not. */
function decoded(key: string): string | null {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '))
  } catch {
    return null
  }
}
