import { Fault } from '@kinoprint/contract'
import { type ProbeRun, ProgramFailure, runFfprobe } from '../fluent.ts'
import type { MediaInfo } from '../media-info.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { parseFfprobeAnswer } from './ffprobe-answer.ts'
import { type BoxSummary, readBoxes } from './read-boxes.ts'
import { lastWords, refusal, refuseMemory, throwIfKilled } from './refusal.ts'
import { refusePixels } from './refuse-pixels.ts'
import { refuseManyStreams, toMediaInfo } from './to-media-info.ts'

/** Seconds; a video of this length or longer is refused (the compatible service's own limit). */
export const DEFAULT_MAX_SECONDS = 1800

export type ProbeOptions = {
  readonly maxSeconds?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** A header is read in well under a second; a disk that does not answer must not hold a worker. */
  readonly timeoutMs?: number | undefined
}

const PROBE_TIMEOUT_MS = 60_000
const HEADER = ['-show_streams', '-show_format']

/**
 * Reads the header of a local MP4 file. Everything that cannot become a fingerprint is a Fault
 * ResourceNotSupported that names the cause and the remedy.
 *
 * @example const { durationSeconds, hasAudio } = await probe(tools, '/videos/a.mp4')
 */
export const probe = async (
  tools: Tools,
  path: string,
  { maxSeconds = DEFAULT_MAX_SECONDS, signal, timeoutMs = PROBE_TIMEOUT_MS }: ProbeOptions = {},
): Promise<MediaInfo> => {
  const boxes = await readBoxes(path, { signal }).catch((error: unknown) => {
    throw signal?.aborted ? new Fault('Cancelled', 'The job was stopped.', { cause: error }) : error
  })
  if (boxes.size === 0) throw refusal('The file is empty.', 'Upload it again.')
  if (!boxes.looksLikeMp4) throw notMp4(boxes)
  refuseManyStreams(boxes.tracks)
  const { answer, refusedSize } = await runOrRefuse(tools, path, { boxes, timeoutMs, signal })
  const data = parseFfprobeAnswer(answer)
  const info = toMediaInfo(data, { boxes, maxSeconds, refusedSize })
  const video = data.streams.find(({ index }) => index === info.videoIndex)
  refusePixels({ ...info, frames: countOf(video?.nb_frames) }, maxSeconds)
  return info
}

const countOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined

type Run = {
  readonly boxes: BoxSummary
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

const runOrRefuse = async (
  tools: Tools,
  path: string,
  { boxes, timeoutMs, signal }: Run,
): Promise<ProbeRun> => {
  try {
    return await runFfprobe(tools, path, { timeoutMs, signal, question: HEADER })
  } catch (cause) {
    if (signal?.aborted) throw new Fault('Cancelled', 'The job was stopped.', { cause })
    if (cause instanceof ProgramFailure) throwIfEnded(cause, Math.min(timeoutMs, tools.stallMs))
    if (!boxes.hasIndex) {
      throw refusal(
        'The file is an MP4 without its index (moov): it was cut off, or its recording was never finished.',
        'Upload the complete file.',
        cause,
      )
    }
    const words = lastWords(cause instanceof Error ? cause.message : String(cause))
    throw refusal(`The MP4 header cannot be read (${words}).`, 'Write the file anew.', cause)
  }
}

/** Throws where ffprobe did not end by itself, or not for want of sense in the file. */
const throwIfEnded = (cause: ProgramFailure, timeoutMs: number): void => {
  if (cause.ended === 'unstartable') {
    throw new Fault('ServiceUnavailable', `ffprobe could not be started: ${String(cause.cause)}`, { cause })
  }
  if (cause.ended === 'overtime' || cause.ended === 'stalled') {
    const found = `Its header could not be read within ${timeoutMs / 1000} s.`
    throw refusal(found, 'Write the file anew.', cause)
  }
  if (cause.outOfMemory) throw refuseMemory('Its header', cause)
  throwIfKilled(cause.killedBy, { program: 'ffprobe', cause })
}

const notMp4 = ({ head }: BoxSummary): Fault => {
  const text = head.toString('latin1')
  const remedy = 'Only MP4 video is supported; convert it first.'
  if (text.startsWith('#EXTM3U')) return refusal('The file is a playlist, not an MP4 video.', remedy)
  if (/^[\t\n\r\x20-\x7e]*$/.test(text)) return refusal('The file is text, not an MP4 video.', remedy)
  return refusal('The file is not an MP4 video.', remedy)
}
