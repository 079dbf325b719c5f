import type { RouteAnswer } from '@kinoprint/contract'
import { Fault, type JobLevel, type RuleType, type StoreMode } from '@kinoprint/core'
import { checkObjectName } from '@kinoprint/objects'
import {
  decodeExchange,
  encodeExchange,
  enqueueFingerprintJob,
  FINGERPRINT_FILE_BYTES_MAX,
  getLibrary,
  getVideo,
  loadFingerprints,
} from '@kinoprint/store'
import { dispatchJob } from '../dispatch-job.ts'
import { readBody } from '../http/read-body.ts'
import { send } from '../http/send.ts'
import type { AdminContext, Answer, ByteRequest } from './handler.ts'
import { jobBody } from './job-bodies.ts'

/** Enough for the largest file over a slow connection. */
const BODY_TIMEOUT_MS = 10 * 60_000

type Context = Pick<AdminContext, 'db' | 'queue' | 'log' | 'settings'>

export function storeFingerprint(
  context: Context,
  { params: { dnaDbId }, query, req }: ByteRequest<'storeFingerprint'>,
): Answer<'storeFingerprint'> {
  return submit(context, { ...query, dnaDbId, ruleType: 'GetFingerPrint', req })
}

export function searchFingerprint(
  context: Context,
  { query, req }: ByteRequest<'searchFingerprint'>,
): Answer<'searchFingerprint'> {
  return submit(context, { ...query, ruleType: 'FindSimilarVideo', req })
}

type Submission = ByteRequest<'searchFingerprint'>['query'] &
  Pick<ByteRequest<'searchFingerprint'>, 'req'> & {
    readonly ruleType: RuleType
    readonly store?: StoreMode | undefined
  }

/** Checks the file whole before a job is written, so that a bad one is refused at once. */
async function submit(
  context: Context,
  { dnaDbId, object, bucket, region, jobLevel, req, ...fields }: Submission,
): Promise<RouteAnswer<'storeFingerprint'>> {
  const { db, settings } = context
  if ((await getLibrary(db, dnaDbId)) === null)
    throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
  const limits = { maxBytes: FINGERPRINT_FILE_BYTES_MAX, timeoutMs: BODY_TIMEOUT_MS }
  const { name, ...video } = decodeExchange(await readBody(req, limits))
  const named = object ?? `${name}.kfp`
  checkObjectName(named)
  const { defaultBucket, defaultRegion } = settings
  const location = { bucket: bucket ?? defaultBucket, region: region ?? defaultRegion, object: named }
  const newJob = { ...fields, ...location, dnaDbId, jobLevel: jobLevel as JobLevel, libraryMustExist: true }
  const job = await enqueueFingerprintJob(db, newJob, video)
  await dispatchJob(context, job)
  return jobBody(job, { deliveries: [], timeline: [] })
}

const CONTENT_TYPES = {
  kfp: ['application/octet-stream', 'kfp'],
  vpdq: ['application/json', 'vpdq.json'],
  'vpdq-text': ['text/plain; charset=utf-8', 'vpdq.txt'],
} as const

/** Sends the stored fingerprint of a video in a format for others. */
export async function getFingerprint(
  { db }: Pick<AdminContext, 'db'>,
  { params: { dnaDbId, videoId }, query: { format }, res }: ByteRequest<'getFingerprint'>,
): Answer<'getFingerprint'> {
  const video = await getVideo(db, { dnaDbId, videoId })
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  if (video === null || stored === undefined)
    throw new Fault('NotFound', `Library ${dnaDbId} has no video ${videoId}.`)
  const [contentType, ending] = CONTENT_TYPES[format]
  const written = encodeExchange({ ...video, name: video.object, data: stored.data }, format)
  res.setHeader('Content-Disposition', `attachment; filename="${videoId}.${ending}"`)
  send(res, { status: 200, contentType, body: Buffer.from(written) })
}
