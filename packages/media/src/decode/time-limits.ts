import type { MediaInfo } from '../media-info.ts'
import { DEFAULT_MAX_SECONDS } from '../probe/probe.ts'
import { OVERRUN_SECONDS } from './decode-arguments.ts'

/**
 * 10 minutes and 20 times the video's length: other jobs and other programs may want the cores too. Measured: a second of
 * 8K H.264 at 30 frames takes 10 s where ten others want a core as well.
 */
const decodeTimeoutMs = (videoSeconds: number): number => 600_000 + 20_000 * videoSeconds

/** For starting, for sound, and for what each frame costs beside its pixels. */
const BASE_CPU_SECONDS = 120
/** Measured: 8K H.264 takes 2.4 ns a pixel on the machines of 2024; old ones and other codecs several times as much. */
const CPU_SECONDS_PER_PIXEL = 20e-9

type TimeLimited = {
  readonly info: MediaInfo
  readonly maxSeconds?: number | undefined
  readonly timeLimitMs?: number | undefined
}

/** How long one run of the decoder may take. */
export const timeLimitsOf = ({ info, maxSeconds = DEFAULT_MAX_SECONDS, timeLimitMs }: TimeLimited) => ({
  timeoutMs: timeLimitMs ?? decodeTimeoutMs(info.durationSeconds ?? maxSeconds),
  cpuSeconds: cpuSecondsOf(info, info.durationSeconds ?? maxSeconds),
})

/**
 * Processor time that decoding so many seconds of a video may take, by what its header says: a video that holds more
 * frames, or larger ones, than it says is ended there.
 */
export const cpuSecondsOf = ({ width, height, frameRate }: MediaInfo, seconds: number): number =>
  BASE_CPU_SECONDS + CPU_SECONDS_PER_PIXEL * width * height * frameRate * (seconds + OVERRUN_SECONDS)
