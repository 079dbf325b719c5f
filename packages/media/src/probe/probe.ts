import { Fault } from '@kinoprint/core'
import { type FileFormat, formatTraits, settingOf } from '../formats/formats.ts'
import { identifyFile } from '../formats/identify-file.ts'
import { notAccepted } from '../formats/refuse-format.ts'
import type { MediaInfo } from '../media-info.ts'
import { withInput } from '../process/open-input.ts'
import { editListOptions, ProgramFailure, runFfprobe } from '../run-ffmpeg.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { mustIgnoreEditLists } from './edit-lists.ts'
import { countedFromStart, type FfprobeOutput, parseFfprobeOutput } from './ffprobe-output.ts'
import { undecodable } from './pick-streams.ts'
import { probeByTrack } from './probe-by-track.ts'
import { type BoxSummary, readBoxes, withoutBoxes } from './read-boxes.ts'
import { readFragmentSeconds } from './read-fragments.ts'
import { readSizes } from './read-sizes.ts'
import { ffmpegMessage, outOfMemory, refusal, throwIfKilled } from './refusal.ts'
import { refuseUndecodable, withoutIndex } from './refuse-file.ts'
import { refusePixels } from './refuse-pixels.ts'
import { type MediaContext, refuseManyStreams, toMediaInfo } from './to-media-info.ts'
import { needsFragments } from './track-lengths.ts'

/** Seconds. A video of this length or longer is refused, as by the compatible service. */
export const DEFAULT_MAX_SECONDS = 1800

export type ProbeOptions = {
  /** Seconds. A video of this length or longer is refused. */
  readonly maxSeconds?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Reading a header takes well under a second. A disk that does not respond must not block a worker. */
  readonly timeoutMs?: number | undefined
}

const PROBE_TIMEOUT_MS = 60_000
const SHOW_HEADER = ['-show_streams', '-show_format']

/**
 * Reads the header of a local file in one of the accepted formats and picks its video and audio stream.
 *
 * @throws Fault ResourceNotSupported, with cause and remedy, for a file that cannot be fingerprinted; ResourceNotFound
 * or ResourceAccessDenied for the path; Cancelled after an abort; ServiceUnavailable if ffprobe does not run.
 * @example const { durationSeconds, hasAudio } = await probe(tools, '/videos/a.mp4')
 */
export async function probe(
  tools: Tools,
  path: string,
  { maxSeconds = DEFAULT_MAX_SECONDS, signal, timeoutMs = PROBE_TIMEOUT_MS }: ProbeOptions = {},
): Promise<MediaInfo> {
  const type = await identifyFile(path)
  const { inputFormats } = tools
  const isListed = type.kind === 'media' && inputFormats.includes(settingOf(type.format))
  const acceptsSound = inputFormats.includes('sound')
  if (type.kind !== 'media' || !(isListed || (acceptsSound && isContainer(type.format)))) {
    if (await isEmpty(path)) throw refusal('The file is empty.', 'Use a complete copy of the file.')
    throw notAccepted(type, inputFormats)
  }
  const options = { maxSeconds, signal, timeoutMs, acceptsSound }
  const info =
    type.format === 'mp4'
      ? await probeMp4(tools, path, options)
      : await probeOther(tools, path, { ...options, format: type.format })
  if (!isListed && info.kind !== 'sound') throw notAccepted(type, inputFormats)
  return info
}

/** Whether a format holds video, and so may hold sound alone. */
function isContainer(format: FileFormat): boolean {
  return settingOf(format) === format
}

type CheckedOptions = {
  readonly maxSeconds: number
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
  readonly acceptsSound: boolean
}

async function probeMp4(
  tools: Tools,
  path: string,
  { maxSeconds, signal, timeoutMs, acceptsSound }: CheckedOptions,
): Promise<MediaInfo> {
  const boxes = await readBoxes(path, { signal }).catch((error: unknown) => {
    throw signal?.aborted ? cancelled(error) : error
  })
  refuseManyStreams(boxes.tracks)
  refuseUndecodable(boxes)
  const ignoresEditList = mustIgnoreEditLists(boxes.movie)
  const { output, refusedSize } = await readHeader(tools, path, {
    boxes,
    timeoutMs,
    signal,
    ignoresEditList,
  })
  const fragments = needsFragments(boxes.movie, maxSeconds)
    ? await readFragmentSeconds(path, { fragments: boxes.fragments, tracks: boxes.movie.tracks })
    : undefined
  const context = {
    format: 'mp4',
    ...{ boxes, fragments, maxSeconds, refusedSize, ignoresEditList, acceptsSound },
  } as const
  return checkedInfo(output, context)
}

/** Every format but MP4: only ffprobe reads its header. */
async function probeOther(
  tools: Tools,
  path: string,
  { format, maxSeconds, signal, timeoutMs, acceptsSound }: CheckedOptions & { readonly format: FileFormat },
): Promise<MediaInfo> {
  const { size, missingBytes } = await readSizes(path, format)
  const { json, refusedSize } = await runFfprobe(tools, path, {
    format,
    timeoutMs,
    signal,
    showOptions: SHOW_HEADER,
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cancelled(cause)
    if (cause instanceof ProgramFailure) throwIfEnded(cause, Math.min(timeoutMs, tools.stallMs))
    if (cause instanceof Fault) throw cause
    const found = `The header of the file (${formatTraits[format].title}) cannot be read.`
    throw refusal(found, `Use a complete copy of the file. ${ffmpegMessage(cause)}`, cause)
  })
  const boxes = { ...withoutBoxes(size), missingBytes }
  const header = { boxes, fragments: undefined, refusedSize, ignoresEditList: false }
  const output = parseFfprobeOutput(json)
  const counted = format === 'asf' ? countedFromStart(output) : output
  return checkedInfo(counted, { format, maxSeconds, acceptsSound, ...header })
}

function checkedInfo(output: FfprobeOutput, context: MediaContext): MediaInfo {
  const info = toMediaInfo(output, context)
  const video = output.streams.find(({ index }) => index === info.videoIndex)
  refusePixels({ ...info, frames: countOf(video?.nb_frames) }, context.maxSeconds)
  return info
}

async function isEmpty(path: string): Promise<boolean> {
  return withInput(path, async ({ stats }) => stats.size === 0)
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

type HeaderOptions = {
  readonly boxes: BoxSummary
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly ignoresEditList: boolean
}

type Header = { readonly output: FfprobeOutput; readonly refusedSize: string | undefined }

async function readHeader(
  tools: Tools,
  path: string,
  { boxes, timeoutMs, signal, ignoresEditList }: HeaderOptions,
): Promise<Header> {
  const inputOptions = editListOptions({ ignoresEditList })
  try {
    const { json, refusedSize } = await runFfprobe(tools, path, {
      format: 'mp4',
      timeoutMs,
      signal,
      showOptions: [...SHOW_HEADER, ...inputOptions],
    })
    return { output: parseFfprobeOutput(json), refusedSize }
  } catch (cause) {
    if (signal?.aborted) throw cancelled(cause)
    if (cause instanceof ProgramFailure) throwIfEnded(cause, Math.min(timeoutMs, tools.stallMs))
    if (!boxes.hasIndex) throw withoutIndex(boxes, cause)
    const limits = { timeoutMs, signal }
    const output = await probeByTrack(tools, path, { movie: boxes.movie, inputOptions, ...limits }).catch(
      (error: unknown) => {
        throw signal?.aborted ? cancelled(error) : error
      },
    )
    const videos = output.streams.filter(({ codec_type }) => codec_type === 'video')
    if (videos.some(({ codec_name }) => codec_name !== 'none')) return { output, refusedSize: undefined }
    if (videos.length > 0) throw undecodable(ffmpegMessage(cause))
    throw refusal('The MP4 header cannot be read.', `Re-encode the file. ${ffmpegMessage(cause)}`, cause)
  }
}

function cancelled(cause: unknown): Fault {
  return new Fault('Cancelled', 'The job was stopped.', { cause })
}

/** Throws if ffprobe was stopped, or failed for a reason other than the file's content. */
function throwIfEnded(cause: ProgramFailure, timeoutMs: number): void {
  if (cause.ended === 'not-started') {
    throw new Fault('ServiceUnavailable', `ffprobe could not be started: ${String(cause.cause)}`, { cause })
  }
  if (cause.ended === 'timed-out' || cause.ended === 'stalled') {
    const found = `The file header could not be read within ${timeoutMs / 1000} s.`
    throw refusal(found, 'Re-encode the file.', cause)
  }
  if (cause.outOfMemory) throw outOfMemory('Reading the file header', cause)
  throwIfKilled(cause.killedBy, { program: 'ffprobe', cause })
}
