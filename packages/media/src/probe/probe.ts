import { Fault } from '@kinoprint/core'
import { editListOptions, ProgramFailure, runFfprobe } from '../fluent.ts'
import type { MediaInfo } from '../media-info.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { type FfprobeAnswer, parseFfprobeAnswer } from './ffprobe-answer.ts'
import { mustIgnoreEditList } from './must-ignore-edit-list.ts'
import { undecodable } from './pick-streams.ts'
import { probeByTrack } from './probe-by-track.ts'
import { type BoxSummary, readBoxes } from './read-boxes.ts'
import { readFragmentSeconds } from './read-fragments.ts'
import { ffmpegSays, refusal, refuseMemory, throwIfKilled } from './refusal.ts'
import { notMp4, refuseUndecodable, withoutIndex } from './refuse-file.ts'
import { refusePixels } from './refuse-pixels.ts'
import { refuseManyStreams, toMediaInfo } from './to-media-info.ts'
import { needsFragments } from './track-lengths.ts'

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
    throw signal?.aborted ? stopped(error) : error
  })
  if (boxes.size === 0) throw refusal('The file is empty.', 'Use a complete copy of the file.')
  if (!boxes.looksLikeMp4) throw notMp4(boxes)
  refuseManyStreams(boxes.tracks)
  refuseUndecodable(boxes)
  const ignoresEditList = mustIgnoreEditList(boxes.movie)
  const { answer, refusedSize } = await answerOrRefuse(tools, path, {
    boxes,
    timeoutMs,
    signal,
    ignoresEditList,
  })
  const fragments = needsFragments(boxes.movie, maxSeconds)
    ? await readFragmentSeconds(path, { fragments: boxes.fragments, tracks: boxes.movie.tracks })
    : undefined
  const info = toMediaInfo(answer, { boxes, fragments, maxSeconds, refusedSize, ignoresEditList })
  const video = answer.streams.find(({ index }) => index === info.videoIndex)
  refusePixels({ ...info, frames: countOf(video?.nb_frames) }, maxSeconds)
  return info
}

const countOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined

type Run = {
  readonly boxes: BoxSummary
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly ignoresEditList: boolean
}

type Answer = { readonly answer: FfprobeAnswer; readonly refusedSize: string | undefined }

const answerOrRefuse = async (
  tools: Tools,
  path: string,
  { boxes, timeoutMs, signal, ignoresEditList }: Run,
): Promise<Answer> => {
  const inputOptions = editListOptions({ ignoresEditList })
  try {
    const { answer, refusedSize } = await runFfprobe(tools, path, {
      timeoutMs,
      signal,
      question: [...HEADER, ...inputOptions],
    })
    return { answer: parseFfprobeAnswer(answer), refusedSize }
  } catch (cause) {
    if (signal?.aborted) throw stopped(cause)
    if (cause instanceof ProgramFailure) throwIfEnded(cause, Math.min(timeoutMs, tools.stallMs))
    if (!boxes.hasIndex) throw withoutIndex(boxes, cause)
    const answer = await probeByTrack(tools, path, {
      movie: boxes.movie,
      inputOptions,
      timeoutMs,
      signal,
    }).catch((error: unknown) => {
      throw signal?.aborted ? stopped(error) : error
    })
    const pictures = answer.streams.filter(({ codec_type }) => codec_type === 'video')
    if (pictures.some(({ codec_name }) => codec_name !== 'none')) return { answer, refusedSize: undefined }
    if (pictures.length > 0) throw undecodable(ffmpegSays(cause))
    throw refusal('The MP4 header cannot be read.', `Re-encode the file. ${ffmpegSays(cause)}`, cause)
  }
}

const stopped = (cause: unknown): Fault => new Fault('Cancelled', 'The job was stopped.', { cause })

/** Throws where ffprobe was ended, or failed for a reason other than the file's content. */
const throwIfEnded = (cause: ProgramFailure, timeoutMs: number): void => {
  if (cause.ended === 'unstartable') {
    throw new Fault('ServiceUnavailable', `ffprobe could not be started: ${String(cause.cause)}`, { cause })
  }
  if (cause.ended === 'overtime' || cause.ended === 'stalled') {
    const found = `Its header could not be read within ${timeoutMs / 1000} s.`
    throw refusal(found, 'Re-encode the file.', cause)
  }
  if (cause.outOfMemory) throw refuseMemory('Its header', cause)
  throwIfKilled(cause.killedBy, { program: 'ffprobe', cause })
}
