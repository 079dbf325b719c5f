import { fileInput, SAFE_INPUT } from '../fluent.ts'
import type { MediaInfo } from '../media-info.ts'
import { MAX_PIXELS } from '../probe/to-media-info.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'

/** Frames are delivered as FRAME_SIDE x FRAME_SIDE bytes of luma, the whole picture, its aspect ignored. */
export const FRAME_SIDE = 192
/** The first frame at or after each multiple of this is sampled. */
export const SAMPLE_INTERVAL_MS = 250
/** Hz; what Chromaprint works at. */
export const AUDIO_RATE = 11_025

/** File descriptors of the one process: each carries one thing and is drained all the time. */
export const PIPES = { frames: 1, errors: 2, audio: 3, progress: 4, times: 5 } as const

export type DecodeArguments = {
  readonly info: MediaInfo
  readonly maxSeconds: number
  readonly threads: number
  readonly quick: boolean
  readonly withAudio: boolean
}

/** Seconds read beyond the limit, so that a video which exceeds it is told from one that ends at it. */
export const OVERRUN_SECONDS = 2

export const decodeArguments = (
  tools: Tools,
  path: string,
  { info, maxSeconds, threads, quick, withAudio }: DecodeArguments,
): string[] => [
  ...['-nostdin', '-hide_banner', '-nostats', '-loglevel', 'repeat+error'],
  ...['-progress', `pipe:${PIPES.progress}`, '-filter_threads', '1'],
  ...['-threads', String(threads), '-max_pixels', String(MAX_PIXELS)],
  // The deblocking filter costs a fifth of the time and moves a hash by 3 bits of 256.
  ...['-skip_loop_filter', 'all'],
  ...(quick ? ['-skip_frame', 'noref'] : []),
  ...['-t', String(maxSeconds + OVERRUN_SECONDS)],
  ...SAFE_INPUT,
  ...['-i', fileInput(path)],
  ...videoOutput(tools, info),
  ...(withAudio && info.audioIndex !== undefined ? audioOutput(info.audioIndex) : []),
]

/**
 * Raw pictures have no times, so the tee muxer writes every packet twice: its bytes to one pipe and, as
 * framecrc, its time in ms to another. Both come from the same packet in the same order, in builds of 2018 too.
 */
const videoOutput = (tools: Tools, { videoIndex }: MediaInfo): string[] => [
  ...['-map', `0:${videoIndex}`, '-an', '-sn', '-dn'],
  ...['-vf', `${sampleFilter},scale=${FRAME_SIDE}:${FRAME_SIDE}:flags=area,format=gray`],
  ...[tools.frameSyncOption, 'passthrough', '-enc_time_base', '1/1000', '-c:v', 'rawvideo'],
  ...[
    '-f',
    'tee',
    `[f=rawvideo:flush_packets=1]pipe:${PIPES.frames}|[f=framecrc:flush_packets=1]pipe:${PIPES.times}`,
  ],
]

/** Grid cells are compared after a quarter of a millisecond is added: 0.25 s may come as 0.24999999. */
const cellOf = (time: string): string => `floor(${time}*${1000 / SAMPLE_INTERVAL_MS}+0.001)`
const sampleFilter = `select='isnan(prev_selected_t)+gt(${cellOf('t')},${cellOf('prev_selected_t')})'`

/** The very settings of fpcalc's own resampler: with others the sound's fingerprint differs. */
const audioOutput = (audioIndex: number): string[] => [
  ...['-map', `0:${audioIndex}`, '-vn', '-sn', '-dn'],
  ...['-af', `aresample=${AUDIO_RATE}:filter_size=16:phase_shift=8:linear_interp=1:cutoff=0.8`],
  ...['-ac', '1', '-c:a', 'pcm_s16le', '-f', 's16le', `pipe:${PIPES.audio}`],
]
