import type { MediaInfo } from '../media-info.ts'
import { SOUND_LEFT_OUT } from '../probe/pick-streams.ts'
import { DEFAULT_MAX_SECONDS } from '../probe/probe.ts'
import type { ThumbnailPlan } from '../thumbnails/plan-thumbnails.ts'
import { ThumbnailCollector, type Thumbnails } from '../thumbnails/thumbnail-collector.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { AUDIO_RATE, type DecodedFrames, OVERRUN_SECONDS, SAMPLE_INTERVAL_MS } from './decode-arguments.ts'
import { judge, overlong, type RunOutcome } from './judge.ts'
import { threadsThatPay } from './plan-pieces.ts'
import { type DecoderSinks, runDecoder } from './run-decoder.ts'
import { timeLimitsOf } from './time-limits.ts'

export type DecodeOptions = {
  readonly info: MediaInfo
  /** Seconds; a video that turns out this long or longer is refused whatever its header says. */
  readonly maxSeconds?: number | undefined
  /** Called for each sampled frame in order of time. The bytes are overwritten afterwards. */
  readonly onFrame: (timeMs: number, gray: Uint8Array) => void
  /**
   * Called with mono samples at 11025 Hz in order; never without sound. The first is at the summary's
   * audioStartSeconds; a gap comes as silence.
   */
  readonly onAudio?: ((pcm: Int16Array) => void) | undefined
  /** 0..1, by the header's length. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Threads that the picture decoder may use where it pays, 1 unless given: jobs run side by side instead. */
  readonly threads?: number | undefined
  /** All unless given. The sampled frames are then the nearest after each 250 ms that there are, with their own times. */
  readonly frames?: DecodedFrames | undefined
  /** Also keeps pictures for thumbnails, as planThumbnails has planned them. */
  readonly thumbnails?: ThumbnailPlan | undefined
  /** However busy it looks, it is killed after so long; by the header's length unless given. */
  readonly timeLimitMs?: number | undefined
}

export type DecodeSummary = {
  readonly frames: number
  readonly firstFrameMs: number
  readonly lastFrameMs: number
  /** Seconds of sound that were delivered, gaps among them. */
  readonly audioSeconds: number
  /** When the first sample is heard: as info says, unless the sound's own times say otherwise. */
  readonly audioStartSeconds: number
  /** What was really there: the header's length, or less where damage ended it early, or more where it lied. */
  readonly durationSeconds: number
  /** What of the file was left out, as sentences for its owner. */
  readonly notes: readonly string[]
  /** Lines that ffmpeg complained in; > 0 means damage that was got over. */
  readonly errors: number
  /** Null where none were asked for. */
  readonly thumbnails: Thumbnails | null
}

/**
 * Decodes a probed file once, pictures and sound from one process, and hands both to the callbacks as they
 * come. The callbacks are synchronous: while one works, the pipes fill and ffmpeg waits, so memory stays bounded.
 *
 * @example const summary = await decode(tools, path, { info, onFrame: (ms, gray) => builder.pushFrame(ms, gray) })
 */
export const decode = async (tools: Tools, path: string, options: DecodeOptions): Promise<DecodeSummary> => {
  const {
    info,
    maxSeconds = DEFAULT_MAX_SECONDS,
    threads = 1,
    frames = 'all',
    thumbnails: plan,
    signal,
  } = options
  const once = async (
    withAudio: boolean,
  ): Promise<{ outcome: RunOutcome; thumbnails: Thumbnails | null }> => {
    const { end, ...sinks } = sinksOf(options)
    const outcome = await runDecoder(tools, path, {
      info,
      lengthSeconds: maxSeconds + OVERRUN_SECONDS,
      threads: threadsThatPay(info, { threads, frames }),
      frames,
      withAudio,
      thumbnails: plan ?? null,
      fromSeconds: 0,
      ...sinks,
      signal,
      ...timeLimitsOf(options),
    })
    return { outcome, thumbnails: end() }
  }
  const { outcome, thumbnails } = await once(info.hasAudio)
  // A sound track that this build cannot open ends the whole run; the pictures are worth a second one.
  const soundFailed =
    info.hasAudio && outcome.exit !== 0 && outcome.frames === 0 && outcome.audioSeconds === 0
  if (!soundFailed || outcome.ended !== 'exited') return { ...judge(outcome, info, maxSeconds), thumbnails }
  const silent = await once(false)
  const summary = judge(silent.outcome, info, maxSeconds)
  return { ...summary, notes: [...summary.notes, SOUND_LEFT_OUT], thumbnails: silent.thumbnails }
}

export type PictureSinks = Required<Omit<DecoderSinks, 'onComplaint'>>

/** Hands on what comes and counts it; `end` gives the thumbnails, null where none were asked for. */
export const sinksOf = (options: DecodeOptions): PictureSinks & { readonly end: () => Thumbnails | null } => {
  const { info, maxSeconds = DEFAULT_MAX_SECONDS, thumbnails: plan, onFrame, onAudio, onProgress } = options
  const lengthMs = 1000 * (info.durationSeconds ?? maxSeconds)
  // Times that run backwards or stand still get past ffmpeg's own -t; a file of many gigabytes would go on.
  const secondsMax = maxSeconds + OVERRUN_SECONDS + OVERRUN_SECONDS
  const taker = plan === undefined ? null : new ThumbnailCollector(plan)
  let frames = 0
  let samples = 0
  const countSamples = (count: number): void => {
    samples += count
    if (samples > AUDIO_RATE * secondsMax) throw overlong(maxSeconds)
  }
  return {
    onFrame: (timeMs, gray) => {
      frames += 1
      if (frames > (1000 * secondsMax) / SAMPLE_INTERVAL_MS) throw overlong(maxSeconds)
      onFrame(timeMs, gray)
      onProgress?.(Math.min(1, timeMs / lengthMs))
    },
    onAudio: (pcm) => {
      countSamples(pcm.length)
      onAudio?.(pcm)
    },
    onAudioOverlap: countSamples,
    onThumbnailFrame: (timeMs, planes) => taker?.push(timeMs, planes),
    end: () => taker?.end() ?? null,
  }
}
