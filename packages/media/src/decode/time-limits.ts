import { formatTraits } from '../formats/formats.ts'
import type { MediaInfo } from '../media-info.ts'
import { DEFAULT_MAX_SECONDS } from '../probe/probe.ts'
import { OVERRUN_SECONDS } from './decode-arguments.ts'

/** Measured: one second of 8K H.264 at 30 fps takes 10 s on a machine where ten other programs compete for a core. */
const BASE_TIMEOUT_MS = 600_000
const TIMEOUT_MS_PER_SECOND = 20_000
const PICTURE_TIMEOUT_MS = 120_000

/** For startup, for audio, and for the cost of each frame that does not depend on its pixels. */
const BASE_CPU_SECONDS = 120
/**
 * Measured: 8K H.264 takes 2.4 ns per pixel on machines of 2024. Old machines and other codecs take several times as
 * long.
 */
const CPU_SECONDS_PER_PIXEL = 20e-9

type TimeLimited = {
  readonly info: MediaInfo
  readonly maxSeconds?: number | undefined
  readonly timeLimitMs?: number | undefined
}

/** Limits of one decoder run: its time, by default 10 min plus 20 times the video's length, and its CPU time. */
export function timeLimitsOf({ info, maxSeconds = DEFAULT_MAX_SECONDS, timeLimitMs }: TimeLimited) {
  // A picture is one frame, however long the file.
  if (info.kind === 'picture')
    return { timeoutMs: timeLimitMs ?? PICTURE_TIMEOUT_MS, cpuSeconds: BASE_CPU_SECONDS }
  const stated = info.durationSeconds ?? maxSeconds
  // Where ffprobe estimates the length, the video may be much longer.
  const seconds = formatTraits[info.format].statesLength ? stated : Math.max(stated, maxSeconds)
  return {
    timeoutMs: timeLimitMs ?? BASE_TIMEOUT_MS + TIMEOUT_MS_PER_SECOND * seconds,
    cpuSeconds: cpuSecondsOf(info, seconds),
  }
}

/**
 * CPU time allowed for decoding this many seconds, from the size and frame rate in the header. A video with more or
 * larger frames than its header states is stopped at this limit.
 */
export function cpuSecondsOf({ width, height, frameRate }: MediaInfo, seconds: number): number {
  return BASE_CPU_SECONDS + CPU_SECONDS_PER_PIXEL * width * height * frameRate * (seconds + OVERRUN_SECONDS)
}
