import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import { getJobs, readFilmSource } from '@kinoprint/store'
import { clientAddress } from '../http/client-address.ts'
import { send, sendNotModified } from '../http/send.ts'
import { sendStream } from '../http/send-stream.ts'
import { filmTimes, makeFilm } from '../pictures/film.ts'
import { stillName } from '../pictures/stills.ts'
import type { AdminContext, Answer, ByteRequest } from './handler.ts'
import { sendThumbnail, type Thumbnail } from './thumbnails.ts'

/** Browsers may keep a still for an hour. */
const KEEP = 'private, max-age=3600'
/** Other names could lead out of the folder of thumbnails. */
const JOB_ID = /^j[0-9a-f]{32}$/

export async function getStill(
  { objects, stills }: Pick<AdminContext, 'objects' | 'stills'>,
  { params: { bucket, object }, query: { t, width }, req, res }: ByteRequest<'getStill'>,
): Answer<'getStill'> {
  const { etag } = await objects.head(bucket, object)
  res.setHeader('ETag', `"${stillName({ bucket, object, etag, width }, t)}"`)
  res.setHeader('Cache-Control', KEEP)
  if (req.fresh) {
    sendNotModified(res)
    return
  }
  const client = clientAddress(req)
  const [path] = await stills.get({ bucket, object, etag, times: [t], width, client })
  if (path === undefined) throw new Error('No still was made.')
  await sendStream(req, res, {
    contentType: 'image/jpeg',
    sizeBytes: (await stat(path)).size,
    open: async () => createReadStream(path),
  })
}

export function getJobPoster(
  context: ThumbnailSource,
  request: ByteRequest<'getJobPoster'>,
): Answer<'getJobPoster'> {
  return sendOfJob(context, request, 'poster.jpg')
}

export function getJobSprite(
  context: ThumbnailSource,
  request: ByteRequest<'getJobSprite'>,
): Answer<'getJobSprite'> {
  return sendOfJob(context, request, 'sprite.jpg')
}

export function getJobSpriteIndex(
  context: ThumbnailSource,
  request: ByteRequest<'getJobSpriteIndex'>,
): Answer<'getJobSpriteIndex'> {
  return sendOfJob(context, request, 'sprite.json')
}

export async function getFilm(
  context: Pick<AdminContext, 'db' | 'objects' | 'stills' | 'thumbnailsDir'>,
  { params: { matchId }, query, req, res }: ByteRequest<'getFilm'>,
): Answer<'getFilm'> {
  const source = await readFilmSource(context.db, matchId)
  if (source === null) throw new Fault('NotFound', `Match ${matchId} does not exist.`)
  const { passage, count, side } = query
  const found = source.passages[passage - 1]
  if (found === undefined)
    throw new Fault('NotFound', `Match ${matchId} has ${source.passages.length} passages.`)
  const range =
    side === 'query'
      ? { start: found.queryStart, end: found.queryEnd }
      : { start: found.refStart, end: found.refEnd }
  const times = filmTimes(range, count)
  const key = [matchId, side, source[side].etag, ...times].join('\0')
  res.setHeader('ETag', `"${createHash('sha256').update(key).digest('hex')}"`)
  res.setHeader('Cache-Control', KEEP)
  if (req.fresh) {
    sendNotModified(res)
    return
  }
  const film = await makeFilm(context, { side: source[side], times, client: clientAddress(req) })
  send(res, { status: 200, contentType: 'image/jpeg', body: film })
}

type ThumbnailSource = Pick<AdminContext, 'db' | 'thumbnailsDir'>

/** The thumbnails of the query of a job, or of the stored video if the job made none of its own. */
async function sendOfJob(
  context: ThumbnailSource,
  { params: { jobId }, req, res }: ByteRequest<'getJobPoster'>,
  name: Thumbnail,
): Promise<void> {
  if (!JOB_ID.test(jobId)) throw new Fault('NotFound', `Job ${jobId} does not exist.`)
  // Thumbnails of a query may be kept for longer than its job, and reading a result takes longer than finding them.
  const videoIdOf = async (): Promise<string | undefined> => {
    const [job] = await getJobs(context.db, [jobId])
    return job?.result?.videoId
  }
  await sendThumbnail(context, { req, res }, { owners: [jobId, videoIdOf], name })
}
