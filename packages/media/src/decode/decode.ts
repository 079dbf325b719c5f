import type { MediaInfo } from '../media-info.ts'
import { DEFAULT_MAX_SECONDS } from '../probe/probe.ts'
import { ErrorLog } from '../run/error-log.ts'
import { decoderMemoryBytes, TOOL_FILE_BYTES } from '../run/program-limits.ts'
import { runProcess } from '../run/run-process.ts'
import { type Stills, StillTaker } from '../stills/still-taker.ts'
import type { TilePlan } from '../stills/tile-plan.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import {
  AUDIO_RATE,
  type DecodedFrames,
  decodeArguments,
  FRAME_SIDE,
  OVERRUN_SECONDS,
  PIPES,
  SAMPLE_INTERVAL_MS,
} from './decode-arguments.ts'
import { FrameClock } from './frame-clock.ts'
import { FrameReader } from './frame-reader.ts'
import { judge, overlong, type RunOutcome } from './judge.ts'
import { PcmReader } from './pcm-reader.ts'

export type DecodeOptions = {
  readonly info: MediaInfo
  /** Seconds; a video that turns out this long or longer is refused whatever its header says. */
  readonly maxSeconds?: number | undefined
  /** Called for each sampled frame in order of time. The bytes are overwritten afterwards. */
  readonly onFrame: (timeMs: number, gray: Uint8Array) => void
  /** Called with mono samples at 11025 Hz in order; never without sound. The first is at info.audioStartSeconds. */
  readonly onAudio?: ((pcm: Int16Array) => void) | undefined
  /** 0..1, by the header's length. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Threads of the picture decoder, 1 unless given: jobs run side by side instead. */
  readonly threads?: number | undefined
  /** All unless given. The sampled frames are then the nearest after each 250 ms that there are, with their own times. */
  readonly frames?: DecodedFrames | undefined
  /** Also keeps pictures for stills, as planTiles has planned them. */
  readonly stills?: TilePlan | undefined
  /** However busy it looks, it is killed after so long; by the header's length unless given. */
  readonly timeLimitMs?: number | undefined
}

export type DecodeSummary = {
  readonly frames: number
  readonly firstFrameMs: number
  readonly lastFrameMs: number
  /** Seconds of sound that were delivered. */
  readonly audioSeconds: number
  readonly audioStartSeconds: number
  /** What was really there: the header's length, or less where damage ended it early, or more where it lied. */
  readonly durationSeconds: number
  /** Lines that ffmpeg complained in; > 0 means damage that was got over. */
  readonly errors: number
  /** Null where none were asked for. */
  readonly stills: Stills | null
}

/**
 * 10 minutes and 20 times the video's length. Measured: a second of 8K H.264 at 30 pictures takes 2.4 s of a core, and
 * 10 s where ten others want it too. Whoever packs a million pictures into a second of video gets no more than that.
 */
const decodeTimeoutMs = (videoSeconds: number): number => 600_000 + 20_000 * videoSeconds

/**
 * Decodes a probed file once, pictures and sound from one process, and hands both to the callbacks as they
 * come. The callbacks are synchronous: while one works, the pipes fill and ffmpeg waits, so memory stays bounded.
 *
 * @example const summary = await decode(tools, path, { info, onFrame: (ms, gray) => builder.pushFrame(ms, gray) })
 */
export const decode = async (tools: Tools, path: string, options: DecodeOptions): Promise<DecodeSummary> => {
  const { info, maxSeconds = DEFAULT_MAX_SECONDS } = options
  const outcome = await decodeOnce(tools, path, { ...options, withAudio: info.hasAudio })
  // A sound track that this build cannot open ends the whole run; the pictures are worth a second one.
  const soundFailed =
    info.hasAudio && outcome.exit !== 0 && outcome.frames === 0 && outcome.audioSeconds === 0
  if (!soundFailed || outcome.ended !== 'exited') return judge(outcome, info, maxSeconds)
  return judge(await decodeOnce(tools, path, { ...options, withAudio: false }), info, maxSeconds)
}

type OnceOptions = DecodeOptions & { readonly withAudio: boolean }

const decodeOnce = async (tools: Tools, path: string, options: OnceOptions): Promise<RunOutcome> => {
  const { info, maxSeconds = DEFAULT_MAX_SECONDS, threads = 1, frames: which = 'all', withAudio } = options
  const plan = options.stills ?? null
  const args = decodeArguments(tools, path, {
    info,
    lengthSeconds: maxSeconds + OVERRUN_SECONDS,
    threads,
    frames: which,
    withAudio,
    stills: plan,
    fromSeconds: 0,
  })
  const { onFrame, onAudio, onProgress, signal, timeLimitMs } = options
  const lengthMs = 1000 * (info.durationSeconds ?? maxSeconds)
  const errorLog = new ErrorLog()
  // Times that run backwards or stand still get past ffmpeg's own -t; a file of many gigabytes would go on.
  const secondsMax = maxSeconds + OVERRUN_SECONDS + OVERRUN_SECONDS
  const clock = new FrameClock((timeMs, gray) => {
    if (clock.frames > (1000 * secondsMax) / SAMPLE_INTERVAL_MS) throw overlong(maxSeconds)
    onFrame(timeMs, gray)
    onProgress?.(Math.min(1, timeMs / lengthMs))
    frames.reuse(gray)
  })
  const frames: FrameReader = new FrameReader(FRAME_SIDE * FRAME_SIDE, (gray) => clock.pushFrame(gray))
  const audio = new PcmReader((pcm) => {
    if (audio.samples > AUDIO_RATE * secondsMax) throw overlong(maxSeconds)
    onAudio?.(pcm)
  })
  const taken = plan === null ? null : takeStills(plan)
  const end = await runProcess({
    program: tools.ffmpeg,
    args,
    sinks: {
      [PIPES.frames]: (chunk) => frames.push(chunk),
      [PIPES.errors]: (chunk) => errorLog.push(chunk),
      [PIPES.audio]: (chunk) => audio.push(chunk),
      // Read only so that the watchdog sees a sign of life while nothing else comes.
      [PIPES.progress]: () => undefined,
      [PIPES.times]: (chunk) => clock.pushTimes(chunk),
      ...taken?.sinks,
    },
    signal,
    stallMs: tools.stallMs,
    reportsOn: PIPES.progress,
    timeoutMs: timeLimitMs ?? decodeTimeoutMs(info.durationSeconds ?? maxSeconds),
    limits: {
      memoryBytes: decoderMemoryBytes(threads),
      cpuSeconds: ((1 + threads) * decodeTimeoutMs(maxSeconds)) / 1000,
      fileBytes: TOOL_FILE_BYTES,
    },
  })
  return {
    ...end,
    frames: clock.frames,
    firstFrameMs: clock.firstMs,
    lastFrameMs: clock.lastMs,
    audioSeconds: audio.samples / AUDIO_RATE,
    errors: errorLog.count,
    lastError: errorLog.last,
    outOfMemory: errorLog.outOfMemory,
    refusedSize: errorLog.refusedSize,
    stills: taken?.taker.end() ?? null,
  }
}

/** What takes in the pictures for the stills. */
const takeStills = (plan: TilePlan) => {
  const taker = new StillTaker(plan)
  const clock = new FrameClock((timeMs, picture) => {
    taker.push(timeMs, picture)
    pictures.reuse(picture)
  })
  const bytes = (plan.stillWidth * plan.stillHeight * 3) / 2
  const pictures: FrameReader = new FrameReader(bytes, (picture) => clock.pushFrame(picture))
  const sinks = {
    [PIPES.stills]: (chunk: Buffer) => pictures.push(chunk),
    [PIPES.stillTimes]: (chunk: Buffer) => clock.pushTimes(chunk),
  }
  return { taker, sinks }
}
