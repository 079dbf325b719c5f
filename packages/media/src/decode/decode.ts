import type { MediaInfo } from '../media-info.ts'
import { AUDIO_IGNORED } from '../probe/pick-streams.ts'
import { DEFAULT_MAX_SECONDS } from '../probe/probe.ts'
import type { ThumbnailPlan } from '../thumbnails/plan-thumbnails.ts'
import { ThumbnailCollector, type Thumbnails } from '../thumbnails/thumbnail-collector.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { type DecodedFrames, OVERRUN_SECONDS, type Sampling } from './decode-arguments.ts'
import { type DecoderOutcome, summarizeOutcome, tooLong } from './decode-outcome.ts'
import { threadsThatPay } from './plan-sections.ts'
import { type DecoderSinks, runDecoder } from './run-decoder.ts'
import { timeLimitsOf } from './time-limits.ts'

export type DecodeOptions = {
  readonly info: MediaInfo
  readonly sampling: Sampling
  /** Seconds. A video that turns out to be this long or longer is refused, even if its header states less. */
  readonly maxSeconds?: number | undefined
  /**
   * Called for each sampled frame in chronological order, with frameSide x frameSide luma bytes of the whole picture.
   * The bytes are valid only during the call.
   */
  readonly onFrame: (timeMs: number, gray: Uint8Array) => void
  /**
   * Called with mono samples at audioSampleRate in order, with gaps as silence; not called without audio. The first
   * sample is at the summary's audioStartSeconds.
   */
  readonly onAudio?: ((pcm: Int16Array) => void) | undefined
  /** 0..1 of the length stated in the header. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Threads that the video decoder may use if they speed it up. Default: 1, because jobs run in parallel instead. */
  readonly threads?: number | undefined
  /** Default: `all`. Otherwise the first decoded frame of each interval is delivered, with its own time. */
  readonly frames?: DecodedFrames | undefined
  /** Also collects thumbnails as planned by planThumbnails. */
  readonly thumbnails?: ThumbnailPlan | undefined
  /** Time limit of the whole run. Default: 10 min plus 20 times the length stated in the header. */
  readonly timeLimitMs?: number | undefined
}

export type DecodeSummary = {
  /** Number of sampled frames. */
  readonly frames: number
  readonly firstFrameMs: number
  readonly lastFrameMs: number
  /** Seconds of audio delivered, including gaps. */
  readonly audioSeconds: number
  /** Time of the first audio sample: as in the header, unless the audio's own timestamps differ. */
  readonly audioStartSeconds: number
  /** Actual length: the header's, or less if damage ended it early, or more if the header was wrong. */
  readonly durationSeconds: number
  /** What was ignored in the file, as sentences for its owner. */
  readonly notes: readonly string[]
  /** Number of ffmpeg error lines. More than 0 means damage that ffmpeg recovered from. */
  readonly errors: number
  /** Null unless a plan was passed. */
  readonly thumbnails: Thumbnails | null
}

/**
 * Decodes a probed file once, video and audio in one process, and passes both to the callbacks as they arrive. The
 * callbacks are synchronous: while one runs, the pipes fill up and ffmpeg waits, so memory stays bounded.
 *
 * @throws Fault ResourceNotSupported for the file, Cancelled after an abort, ServiceUnavailable for the machine.
 * @example const summary = await decode(tools, path, { info, sampling, onFrame: (ms, gray) => frames.push(ms) })
 */
export async function decode(tools: Tools, path: string, options: DecodeOptions): Promise<DecodeSummary> {
  const { info, sampling, maxSeconds = DEFAULT_MAX_SECONDS } = options
  const limits = { maxSeconds, intervalMs: sampling.intervalMs }
  const { outcome, thumbnails } = await decodeOnce(tools, path, { ...options, withAudio: info.hasAudio })
  // An audio track that this build cannot open ends the whole run. Decode the video again without it.
  const hasAudioFailed =
    info.hasAudio &&
    info.kind !== 'sound' &&
    outcome.exit !== 0 &&
    outcome.frames === 0 &&
    outcome.audioSeconds === 0
  if (!hasAudioFailed || outcome.ended !== 'exited') {
    return { ...summarizeOutcome(outcome, info, limits), thumbnails }
  }
  const silent = await decodeOnce(tools, path, { ...options, withAudio: false })
  const summary = summarizeOutcome(silent.outcome, info, limits)
  return { ...summary, notes: [...summary.notes, AUDIO_IGNORED], thumbnails: silent.thumbnails }
}

async function decodeOnce(
  tools: Tools,
  path: string,
  options: DecodeOptions & { readonly withAudio: boolean },
): Promise<{ outcome: DecoderOutcome; thumbnails: Thumbnails | null }> {
  const { info, maxSeconds = DEFAULT_MAX_SECONDS, threads = 1, frames = 'all', withAudio, signal } = options
  const { end, ...sinks } = createSinks(options)
  const outcome = await runDecoder(tools, path, {
    info,
    sampling: options.sampling,
    lengthSeconds: maxSeconds + OVERRUN_SECONDS,
    threads: threadsThatPay(info, { threads, frames }),
    frames,
    withAudio,
    thumbnails: options.thumbnails ?? null,
    fromSeconds: 0,
    ...sinks,
    signal,
    ...timeLimitsOf(options),
  })
  return { outcome, thumbnails: end() }
}

export type CountingSinks = Required<Omit<DecoderSinks, 'onError'>>

/** Callbacks that count what they pass on and refuse a video that is too long. `end` returns the thumbnails. */
export function createSinks(
  options: DecodeOptions,
): CountingSinks & { readonly end: () => Thumbnails | null } {
  const { info, maxSeconds = DEFAULT_MAX_SECONDS, thumbnails: plan, onFrame, onAudio, onProgress } = options
  const { intervalMs, audioSampleRate } = options.sampling
  const lengthMs = 1000 * (info.durationSeconds ?? maxSeconds)
  // Timestamps that repeat or go backwards evade ffmpeg's own -t, and a file of many gigabytes would keep running.
  const secondsMax = maxSeconds + OVERRUN_SECONDS + OVERRUN_SECONDS
  const collector = plan === undefined ? null : new ThumbnailCollector(plan)
  let frames = 0
  let samples = 0
  const report = (ms: number): void => onProgress?.(lengthMs > 0 ? Math.min(1, ms / lengthMs) : 1)
  const countSamples = (count: number): void => {
    samples += count
    if (samples > audioSampleRate * secondsMax) throw tooLong(maxSeconds)
  }
  return {
    onFrame: (timeMs, gray) => {
      frames += 1
      if (frames > (1000 * secondsMax) / intervalMs) throw tooLong(maxSeconds)
      onFrame(timeMs, gray)
      report(timeMs)
    },
    onAudio: (pcm) => {
      countSamples(pcm.length)
      onAudio?.(pcm)
      if (info.kind === 'sound') report((1000 * samples) / audioSampleRate)
    },
    onAudioOverlap: countSamples,
    onThumbnailFrame: (timeMs, planes) => collector?.push(timeMs, planes),
    end: () => collector?.end() ?? null,
  }
}
