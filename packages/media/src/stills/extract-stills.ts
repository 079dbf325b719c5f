import { Fault } from '@kinoprint/core'
import { formatTraits } from '../formats/formats.ts'
import type { MediaInfo } from '../media-info.ts'
import { probe } from '../probe/probe.ts'
import { ffmpegMessage, outOfMemory, refusal, throwIfKilled } from '../probe/refusal.ts'
import { MAX_PIXELS } from '../probe/to-media-info.ts'
import { editListOptions, ProgramFailure, readFfmpegBytes } from '../run-ffmpeg.ts'
import { aspectOf, even } from '../thumbnails/plan-thumbnails.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'

export type StillsOptions = {
  /** Seconds of the presentation, 0 or more. A time after the end stands for the last frame. */
  readonly times: readonly number[]
  /** In pixels. A still is never wider than the video as displayed. */
  readonly width: number
  /** Seconds. A video of this length or longer is refused. */
  readonly maxSeconds?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** For one still. Keyframes may be many seconds apart, and each frame between them is decoded. */
const TIMEOUT_MS = 30_000
/** How far before the wanted frame to search for one, if there is none there. In seconds. */
const STEPS_BACK = [0, 0.5, 5] as const
/** In a format without an index of keyframes, decoding starts this much earlier and so passes a keyframe. */
const LEAD_SECONDS = 12
/** ffmpeg's scale of 2 (best) to 31. */
const JPEG_QUALITY = 4

/**
 * Decodes single frames of a local file as upright JPEG pictures of its display shape: those that a player shows at
 * these times.
 *
 * @throws Fault ResourceNotSupported for a file that cannot be decoded, or Cancelled after an abort.
 * @example const [still] = await extractStills(tools, '/videos/a.mp4', { times: [12.48], width: 320 })
 */
export async function extractStills(
  tools: Tools,
  path: string,
  { times, width, maxSeconds, signal }: StillsOptions,
): Promise<Buffer[]> {
  const info = await probe(tools, path, { maxSeconds, signal })
  const stills: Buffer[] = []
  for (const time of times) stills.push(await extractStill(tools, path, { info, time, width, signal }))
  return stills
}

type StillOptions = Pick<StillsOptions, 'width' | 'signal'> & {
  readonly info: MediaInfo
  readonly time: number
}

async function extractStill(tools: Tools, path: string, options: StillOptions): Promise<Buffer> {
  const { info, time } = options
  // ffmpeg returns the first frame from a time on, a player shows the last one before it.
  const shown = time - 1 / info.frameRate + 0.001
  const last = (info.videoDurationSeconds ?? info.durationSeconds ?? time) + info.videoStartSeconds
  const wanted = Math.min(shown, last - 1 / info.frameRate)
  for (const back of STEPS_BACK) {
    const jpeg = await decodeFrame(tools, path, { ...options, time: Math.max(0, wanted - back) })
    if (jpeg.length > 0) return jpeg
  }
  throw refusal(`No picture could be decoded near ${time} s.`, 'Re-encode the file as H.264 in MP4.')
}

async function decodeFrame(
  tools: Tools,
  path: string,
  { info, time, width, signal }: StillOptions,
): Promise<Buffer> {
  const aspect = aspectOf(info)
  const scaledWidth = even(Math.min(width, info.width * Math.max(1, info.pixelAspect)))
  const scaledHeight = even(scaledWidth / aspect)
  const start = formatTraits[info.format].isSeekable ? time : Math.max(0, time - LEAD_SECONDS)
  try {
    return await readFfmpegBytes(tools, path, {
      format: info.format,
      timeoutMs: TIMEOUT_MS,
      signal,
      inputOptions: [
        ...['-threads', '1', '-max_pixels', String(MAX_PIXELS)],
        ...(start > 0 ? ['-ss', start.toFixed(3)] : []),
        ...editListOptions(info),
      ],
      outputOptions: [
        ...['-map', `0:${info.videoIndex}`, '-an', '-sn', '-dn', '-frames:v', '1'],
        ...(start < time ? ['-ss', (time - start).toFixed(3)] : []),
        ...['-vf', `scale=${scaledWidth}:${scaledHeight},setsar=1,format=yuvj420p`],
        ...['-c:v', 'mjpeg', '-q:v', String(JPEG_QUALITY), '-f', 'mjpeg'],
      ],
    })
  } catch (cause) {
    if (signal?.aborted) throw new Fault('Cancelled', 'The request was stopped.', { cause })
    if (!(cause instanceof ProgramFailure)) throw cause
    if (cause.outOfMemory) throw outOfMemory('Decoding the picture', cause)
    throwIfKilled(cause.killedBy, { program: 'ffmpeg', cause })
    // ffmpeg fails at a time without frames; earlier ones are tried.
    if (cause.ended === 'exited') return Buffer.alloc(0)
    const message = `The picture could not be decoded in ${TIMEOUT_MS / 1000} s.`
    throw refusal(message, `Re-encode the file as H.264 in MP4. ${ffmpegMessage(cause)}`, cause)
  }
}
