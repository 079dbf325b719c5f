import { type CommandLine, commandLine, editListOptions } from '../fluent.ts'
import type { MediaInfo } from '../media-info.ts'
import { MAX_PIXELS } from '../probe/to-media-info.ts'
import type { ThumbnailPlan } from '../thumbnails/plan-thumbnails.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'

/** Frames are delivered as FRAME_SIDE x FRAME_SIDE bytes of luma, the whole picture, its aspect ignored. */
export const FRAME_SIDE = 192
/** The first frame at or after each multiple of this is sampled. */
export const SAMPLE_INTERVAL_MS = 250
/** Hz; what Chromaprint works at. */
export const AUDIO_RATE = 11_025

/** File descriptors of the one process: each carries one thing and is drained all the time. */
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
 * Which frames are decoded: all; those that others refer to (half the work where there are B-frames, and every
 * second to fourth frame remains); keyframes alone (a fourteenth of the work, one frame in seconds); or none, where only
 * the sound is wanted.
 */
export type DecodedFrames = 'all' | 'references' | 'keyframes' | 'none'

export type DecodeArguments = {
  readonly info: MediaInfo
  /** At most so much is read. */
  readonly lengthSeconds: number
  readonly threads: number
  readonly frames: DecodedFrames
  readonly withAudio: boolean
  /** Also takes pictures for thumbnails. */
  readonly thumbnails: ThumbnailPlan | null
  /** Decodes from here on, in seconds of the presentation: a multiple of the sampling interval. */
  readonly fromSeconds: number
}

/** Added before a time's cell is taken: 0.25 s may come as 0.24999999. */
const CELL_ROUNDING = 0.001

/** The number of the multiple of `seconds` at or before a time, as the frames of thumbnails are chosen by it. */
export const cellOf = (timeMs: number, seconds: number): number =>
  Math.floor(timeMs / 1000 / seconds + CELL_ROUNDING)

/** Seconds read beyond the limit, so that a video which exceeds it is told from one that ends at it. */
export const OVERRUN_SECONDS = 2

export const decodeArguments = (
  tools: Tools,
  path: string,
  { info, lengthSeconds, threads, frames, withAudio, thumbnails, fromSeconds }: DecodeArguments,
): string[] =>
  commandLine({
    path,
    globalOptions: [
      ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+error'],
      ...['-progress', `pipe:${PIPES.progress}`, '-filter_threads', '1'],
    ],
    inputOptions: [
      ...['-threads', String(threads), '-max_pixels', String(MAX_PIXELS)],
      // The deblocking filter costs a fifth of the time and moves a hash by 3 bits of 256.
      ...['-skip_loop_filter', 'all'],
      ...skippedFrames(frames, info),
      ...(fromSeconds > 0 ? ['-ss', fromSeconds.toFixed(3)] : []),
      ...editListOptions(info),
      ...['-t', String(lengthSeconds)],
    ],
    outputs: [
      ...(frames === 'none' ? [] : [videoOutput(tools, info)]),
      ...(withAudio && info.audioIndex !== undefined ? [audioOutput(info.audioIndex)] : []),
      ...(thumbnails === null ? [] : [thumbnailsOutput(tools, info, { plan: thumbnails, fromSeconds })]),
    ],
  })

type Output = CommandLine['outputs'][number]

/**
 * AV1's decoders do not skip, so the demuxer must leave frames out; with H.264 that gives the keyframes wrong
 * times (up to two frames off, in builds of 2018 and 5.1), so there the decoder does it.
 */
const skippedFrames = (frames: DecodedFrames, { videoCodec }: MediaInfo): string[] => {
  if (frames === 'all' || frames === 'none') return []
  if (frames === 'references') return ['-skip_frame', 'noref']
  return videoCodec === 'av1' ? ['-discard', 'nokey'] : ['-skip_frame', 'nokey']
}

/**
 * Raw pictures have no times, so the tee muxer writes every packet twice: its bytes to one pipe and, as
 * framecrc, its time in ms to another. Both come from the same packet in the same order, in builds of 2018 too.
 */
const withTimes = (bytes: number, times: number): string =>
  `[f=rawvideo:flush_packets=1]pipe:${bytes}|[f=framecrc:flush_packets=1]pipe:${times}`

const videoOutput = (tools: Tools, { videoIndex }: MediaInfo): Output => ({
  options: [
    ...['-map', `0:${videoIndex}`, '-an', '-sn', '-dn'],
    ...[
      '-vf',
      `${firstOfEach(SAMPLE_INTERVAL_MS / 1000, 0)},scale=${FRAME_SIDE}:${FRAME_SIDE}:flags=area,format=gray`,
    ],
    ...[tools.frameSyncOption, 'passthrough', '-enc_time_base', '1/1000', '-c:v', 'rawvideo', '-f', 'tee'],
  ],
  target: withTimes(PIPES.frames, PIPES.times),
})

/** Passes the first frame at or after each multiple of a time; the decoder's own clock begins `fromSeconds` late. */
const firstOfEach = (seconds: number, fromSeconds: number): string => {
  const added = fromSeconds === 0 ? '' : `${fromSeconds.toFixed(3)}+`
  const cell = (time: string): string =>
    `floor((${added}${time})*${Number((1 / seconds).toFixed(9))}+${CELL_ROUNDING})`
  return `select='isnan(prev_selected_t)+gt(${cell('t')},${cell('prev_selected_t')})'`
}

/** From the same decoded frames, so thumbnails cost no decoding of their own; as planes, to be coded once they are chosen. */
const thumbnailsOutput = (
  tools: Tools,
  { videoIndex }: MediaInfo,
  {
    plan: { stepSeconds, maxTiles, frameWidth, frameHeight },
    fromSeconds,
  }: { readonly plan: ThumbnailPlan; readonly fromSeconds: number },
): Output => ({
  options: [
    ...['-map', `0:${videoIndex}`, '-an', '-sn', '-dn'],
    ...[
      '-vf',
      `${firstOfEach(stepSeconds, fromSeconds)},scale=${frameWidth}:${frameHeight}:flags=area,format=yuvj420p`,
    ],
    ...[tools.frameSyncOption, 'passthrough', '-enc_time_base', '1/1000', '-frames:v', String(maxTiles)],
    ...['-c:v', 'rawvideo', '-f', 'tee'],
  ],
  target: withTimes(PIPES.thumbnails, PIPES.thumbnailTimes),
})

/**
 * The very settings of fpcalc's own resampler: with others the sound's fingerprint differs. The times of its packets
 * are written beside it, in samples, 40 lines a second: written together they cost no measurable time.
 */
const audioOutput = (audioIndex: number): Output => ({
  options: [
    ...['-map', `0:${audioIndex}`, '-vn', '-sn', '-dn'],
    ...['-af', `aresample=${AUDIO_RATE}:filter_size=16:phase_shift=8:linear_interp=1:cutoff=0.8`],
    ...['-ac', '1', '-c:a', 'pcm_s16le', '-f', 'tee'],
  ],
  target: `[f=s16le]pipe:${PIPES.audio}|[f=framecrc]pipe:${PIPES.audioTimes}`,
})
