import type { MediaInfo } from '../media-info.ts'
import { MAX_PIXELS } from '../probe/to-media-info.ts'
import { type CommandLine, commandLine, editListOptions } from '../run-ffmpeg.ts'
import type { ThumbnailPlan } from '../thumbnails/plan-thumbnails.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'

/** File descriptors of the decoder. Each carries one stream, and all are drained continuously. */
export const PIPES = {
  frames: 1,
  errors: 2,
  audio: 3,
  progress: 4,
  times: 5,
  audioTimes: 6,
  thumbnails: 7,
  thumbnailTimes: 8,
} as const

/**
 * Which frames are decoded: `all`; `still`, the first and no other; `references`, those that others refer to (half the work if there are B-frames; every
 * second to fourth frame remains); `keyframes` (a fourteenth of the work; one frame every few seconds); or `none`, if
 * only the audio is needed.
 */
export type DecodedFrames = 'all' | 'still' | 'references' | 'keyframes' | 'none'

/** The sampling that the fingerprint requires. The caller passes it, so that media does not depend on fingerprints. */
export type Sampling = {
  /**
   * Frames are delivered as squares with this many pixels per side: luma of the whole picture, ignoring its aspect
   * ratio.
   */
  readonly frameSide: number
  /** The first frame at or after each multiple of this many milliseconds is delivered. */
  readonly intervalMs: number
  /** Audio is delivered as mono samples at this rate, in Hz. */
  readonly audioSampleRate: number
}

export type DecodeArguments = {
  readonly info: MediaInfo
  readonly sampling: Sampling
  /** Maximum number of seconds to read. */
  readonly lengthSeconds: number
  readonly threads: number
  readonly frames: DecodedFrames
  readonly withAudio: boolean
  /** Also writes frames for thumbnails. */
  readonly thumbnails: ThumbnailPlan | null
  /** Where decoding starts, in seconds of the presentation: a multiple of the sampling interval. */
  readonly fromSeconds: number
}

/** Added before a timestamp is assigned to a step, because 0.25 s may arrive as 0.24999999. */
const STEP_ROUNDING = 0.001

/** Index of the step of `stepSeconds` that a timestamp falls in, as ffmpeg's filters below compute it. */
export function stepOf(timeMs: number, stepSeconds: number): number {
  return Math.floor(timeMs / 1000 / stepSeconds + STEP_ROUNDING)
}

/** Seconds read beyond the limit, to distinguish a video that exceeds it from one that ends there. */
export const OVERRUN_SECONDS = 2

/** Arguments of the one ffmpeg run that writes frames, audio, thumbnails and their timestamps. */
export function decodeArguments(
  tools: Tools,
  path: string,
  { info, sampling, lengthSeconds, threads, frames, withAudio, thumbnails, fromSeconds }: DecodeArguments,
): string[] {
  return commandLine({
    path,
    format: info.format,
    globalOptions: [
      ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+error'],
      ...['-progress', `pipe:${PIPES.progress}`, '-filter_threads', '1'],
      ...(keepsTimes({ info, fromSeconds }) ? ['-copyts', '-start_at_zero'] : []),
    ],
    inputOptions: [
      ...hwaccelOptions(tools, frames),
      ...['-threads', String(threads), '-max_pixels', String(MAX_PIXELS)],
      // The deblocking filter costs a fifth of the time and changes a hash by 3 bits of 256.
      ...['-skip_loop_filter', 'all'],
      ...skipOptions(frames, info),
      ...(fromSeconds > 0 ? ['-ss', fromSeconds.toFixed(3)] : []),
      ...editListOptions(info),
      ...['-t', String(lengthSeconds)],
    ],
    outputs: [
      ...(frames === 'none' ? [] : [videoOutput(tools, { info, sampling, frames })]),
      ...(withAudio && info.audioIndex !== undefined ? [audioOutput(info.audioIndex, sampling)] : []),
      ...(thumbnails === null
        ? []
        : [
            thumbnailOutput(tools, info, {
              plan: thumbnails,
              fromSeconds: clockOffset({ info, fromSeconds }),
            }),
          ]),
    ],
  })
}

/** ffmpeg copies the frames to memory, and decodes in software what the hardware cannot. */
function hwaccelOptions({ hwaccel: { method } }: Tools, frames: DecodedFrames): string[] {
  return method === null || frames === 'none' || frames === 'still' ? [] : ['-hwaccel', method]
}

type Start = Pick<DecodeArguments, 'info' | 'fromSeconds'>

/**
 * Whether the decoder reports times of the presentation. By default they count from where it starts, but a time base as
 * coarse as one frame (AVI, MXF) cannot express that time, which shifts them by up to half a frame.
 */
function keepsTimes({ info, fromSeconds }: Start): boolean {
  return info.format !== 'mp4' && fromSeconds > 0
}

/** What to add to the decoder's times, in seconds, for those of the presentation. */
export function clockOffset(start: Start): number {
  return keepsTimes(start) ? 0 : start.fromSeconds
}

type Output = CommandLine['outputs'][number]

/**
 * AV1 decoders cannot skip frames, so the demuxer discards them. With H.264 that shifts the timestamps of keyframes by
 * up to two frames (builds of 2018 and 5.1), so there the decoder skips.
 */
function skipOptions(frames: DecodedFrames, { videoCodec }: MediaInfo): string[] {
  if (frames === 'all' || frames === 'still' || frames === 'none') return []
  if (frames === 'references') return ['-skip_frame', 'noref']
  return videoCodec === 'av1' ? ['-discard', 'nokey'] : ['-skip_frame', 'nokey']
}

/**
 * Raw frames carry no timestamps, so the tee muxer writes every packet twice: its bytes to one pipe and, as framecrc,
 * its time in ms to another. Both come from the same packet in the same order, even in builds of 2018.
 */
function withTimes(bytes: number, times: number): string {
  return `[f=rawvideo:flush_packets=1]pipe:${bytes}|[f=framecrc:flush_packets=1]pipe:${times}`
}

function videoOutput(
  tools: Tools,
  { info: { videoIndex }, sampling, frames }: Pick<DecodeArguments, 'info' | 'sampling' | 'frames'>,
): Output {
  const { frameSide, intervalMs } = sampling
  const select = firstOfEachStep(intervalMs / 1000, 0)
  return {
    options: [
      ...['-map', `0:${videoIndex}`, '-an', '-sn', '-dn'],
      ...['-vf', `${select},scale=${frameSide}:${frameSide}:flags=area,format=gray`],
      ...(frames === 'still' ? ['-frames:v', '1'] : []),
      ...[tools.frameSyncOption, 'passthrough', '-enc_time_base', '1/1000', '-c:v', 'rawvideo', '-f', 'tee'],
    ],
    target: withTimes(PIPES.frames, PIPES.times),
  }
}

/** Selects the first frame at or after each multiple of a step. Filters see the time `fromSeconds` as 0. */
function firstOfEachStep(stepSeconds: number, fromSeconds: number): string {
  const offset = fromSeconds === 0 ? '' : `${fromSeconds.toFixed(3)}+`
  const step = (time: string): string =>
    `floor((${offset}${time})*${Number((1 / stepSeconds).toFixed(9))}+${STEP_ROUNDING})`
  return `select='isnan(prev_selected_t)+gt(${step('t')},${step('prev_selected_t')})'`
}

type ThumbnailOutput = { readonly plan: ThumbnailPlan; readonly fromSeconds: number }

/**
 * Uses the same decoded frames, so thumbnails need no separate decoding. They are uncompressed, because most are
 * dropped.
 */
function thumbnailOutput(
  tools: Tools,
  { videoIndex }: MediaInfo,
  { plan: { stepSeconds, maxTiles, frameWidth, frameHeight }, fromSeconds }: ThumbnailOutput,
): Output {
  const select = firstOfEachStep(stepSeconds, fromSeconds)
  return {
    options: [
      ...['-map', `0:${videoIndex}`, '-an', '-sn', '-dn'],
      ...['-vf', `${select},scale=${frameWidth}:${frameHeight}:flags=area,format=yuvj420p`],
      ...[tools.frameSyncOption, 'passthrough', '-enc_time_base', '1/1000', '-frames:v', String(maxTiles)],
      ...['-c:v', 'rawvideo', '-f', 'tee'],
    ],
    target: withTimes(PIPES.thumbnails, PIPES.thumbnailTimes),
  }
}

/**
 * Resampled with fpcalc's settings, because the audio fingerprint differs with any others. The packets' timestamps, in
 * samples, go to another pipe: 40 lines per second, buffered, which take no measurable time.
 */
function audioOutput(audioIndex: number, { audioSampleRate }: Sampling): Output {
  return {
    options: [
      ...['-map', `0:${audioIndex}`, '-vn', '-sn', '-dn'],
      ...['-af', `aresample=${audioSampleRate}:filter_size=16:phase_shift=8:linear_interp=1:cutoff=0.8`],
      ...['-ac', '1', '-c:a', 'pcm_s16le', '-f', 'tee'],
    ],
    target: `[f=s16le]pipe:${PIPES.audio}|[f=framecrc]pipe:${PIPES.audioTimes}`,
  }
}
