import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@kinoprint/core'
import {
  type BankContent,
  contentsOfVideos,
  deleteVideo,
  disableContent,
  encodeExchange,
  enqueueFingerprintJob,
  findContent,
  getJobs,
  getVideo,
  inTransaction,
  loadFingerprints,
  videoOfVpdq,
} from '@kinoprint/store'
import type { Request } from 'express'
import { dropThumbnails } from '../admin/thumbnails.ts'
import { auditChange, hmaActor } from '../audit-change.ts'
import { dispatchJob } from '../dispatch-job.ts'
import { bankBody } from './banks.ts'
import { hashFile } from './hash-file.ts'
import { bankOf, flagOf, type HmaContext, readJsonObject } from './hma-context.ts'
import { readSignal } from './signals.ts'

/** Clients of HMA expect the id of what they add in the answer. */
const STORE_TIMEOUT_MS = 25_000
const POLL_MS = 150
const FIVE_YEARS_SECONDS = 5 * 365 * 86_400

/** The signals of a file, which the request carries or names by its address. */
export async function hash(context: HmaContext, req: Request): Promise<object> {
  return (await hashFile(context, req)).signals
}

/** Stores a file as a video, by its whole fingerprint, and waits for it. */
export async function addContent(context: HmaContext, req: Request): Promise<object> {
  const { dnaDbId } = await bankOf(context, req)
  const { video, signals } = await hashFile(context, req)
  const digest = createHash('sha256').update(video.data).digest('hex').slice(0, 32)
  return { id: await storeContent(context, dnaDbId, { ...video, name: `file-${digest}` }), signals }
}

/** Stores a signal as a video, through a job, and waits for it. Of several signals, the one with most frames is stored. */
export async function addSignals(context: HmaContext, req: Request): Promise<object> {
  const { dnaDbId } = await bankOf(context, req)
  const fields = await readJsonObject(req)
  const signals = Object.entries(fields).map(([type, value]) => readSignal(type, value))
  const [first] = signals.toSorted((a, b) => b.frames.length - a.frames.length)
  if (first === undefined) throw new Fault('InvalidArgument', 'No signals given')
  return { id: await storeContent(context, dnaDbId, videoOfVpdq(first.frames)), signals: fields }
}

/** Stores a fingerprint and returns the number of its content. */
async function storeContent(
  context: HmaContext,
  dnaDbId: string,
  { name, ...video }: ReturnType<typeof videoOfVpdq>,
): Promise<number> {
  const { db, settings } = context
  const location = { bucket: settings.defaultBucket, region: settings.defaultRegion, object: `hma/${name}` }
  const job = await enqueueFingerprintJob(
    db,
    { ...location, ruleType: 'GetFingerPrint', dnaDbId, libraryMustExist: true, store: 'always' },
    video,
  )
  await dispatchJob(context, job)
  const videoId = await storedVideo(context, job.jobId)
  const content = (await contentsOfVideos(db, [videoId])).get(videoId)
  if (content === undefined) throw new Fault('NotFound', 'The content was deleted meanwhile.')
  return content.contentId
}

/** Waits until a job has stored its video. */
async function storedVideo({ db }: HmaContext, jobId: string): Promise<string> {
  for (const until = Date.now() + STORE_TIMEOUT_MS; Date.now() < until; await delay(POLL_MS)) {
    const [job] = await getJobs(db, [jobId])
    if (job?.state === 'Success' && job.result !== null) return job.result.videoId
    if (job === undefined || job.state === 'Failed' || job.state === 'Cancel')
      throw new Fault('InvalidArgument', job?.message ?? 'The job was cancelled.')
  }
  throw new Fault('ServiceUnavailable', `No worker stored the signal in time. Job ${jobId} goes on.`)
}

export async function showContent(context: HmaContext, req: Request): Promise<object> {
  const bank = await bankOf(context, req)
  const content = await contentOf(context, bank.dnaDbId, req)
  return {
    id: content.contentId,
    disable_until_ts: content.disableUntilTs,
    collab_metadata: {},
    original_media_uri: null,
    bank: bankBody(bank),
    ...(flagOf(req, 'include_signals') && { signals: await signalsOf(context, bank.dnaDbId, content) }),
  }
}

export async function updateContent(context: HmaContext, req: Request): Promise<object> {
  const { dnaDbId } = await bankOf(context, req)
  const { contentId } = await contentOf(context, dnaDbId, req)
  const { disable_until_ts: given } = await readJsonObject(req)
  const disableUntilTs = given === undefined ? Number.NaN : Number(given)
  const latest = Date.now() / 1000 + FIVE_YEARS_SECONDS
  if (given !== undefined) {
    if (!Number.isInteger(disableUntilTs) || disableUntilTs < 0)
      throw new Fault('InvalidArgument', 'disable_until_ts must be a non-negative integer')
    if (disableUntilTs > latest)
      throw new Fault('InvalidArgument', 'disable_until_ts must be less than 5 years in the future')
    await disableContent(context.db, { contentId, disableUntilTs })
  }
  return showContent(context, req)
}

export async function deleteContent(context: HmaContext, req: Request): Promise<{ deleted: number }> {
  const { dnaDbId } = await bankOf(context, req)
  const content = await findContent(context.db, { dnaDbId, contentId: contentIdOf(req) })
  if (content === null) return { deleted: 0 }
  const { videoId } = content
  await inTransaction(context.db, async (db) => {
    await deleteVideo(db, { dnaDbId, videoId })
    await auditChange(db, req, {
      ...{ actor: hmaActor, action: 'deleteVideo', subject: videoId, before: { dnaDbId } },
    })
  })
  await dropThumbnails(context, [videoId])
  return { deleted: 1 }
}

async function contentOf({ db }: HmaContext, dnaDbId: string, req: Request): Promise<BankContent> {
  const contentId = contentIdOf(req)
  const content = await findContent(db, { dnaDbId, contentId })
  if (content === null) throw new Fault('NotFound', `content '${contentId}' not found`)
  return content
}

function contentIdOf(req: Request): number {
  const id = Number(req.params.content)
  return Number.isSafeInteger(id) && id >= 0 ? id : -1
}

async function signalsOf(
  { db }: HmaContext,
  dnaDbId: string,
  { videoId }: BankContent,
): Promise<Record<string, string>> {
  const video = await getVideo(db, { dnaDbId, videoId })
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  if (video === null || stored === undefined) return {}
  const vpdq = encodeExchange({ ...video, name: video.object, data: stored.data }, 'vpdq')
  return { vpdq: Buffer.from(vpdq).toString().trim() }
}
