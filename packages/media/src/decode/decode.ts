import type { MediaInfo } from '../media-info.ts'
import { DEFAULT_MAX_SECONDS } from '../probe/probe.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { AUDIO_RATE, decodeArguments, FRAME_SIDE, PIPES } from './decode-arguments.ts'
import { ErrorLog } from './error-log.ts'
import { FrameClock } from './frame-clock.ts'
import { FrameReader } from './frame-reader.ts'
import { judge, type RunOutcome } from './judge.ts'
import { PcmReader } from './pcm-reader.ts'
import { runProcess } from './run-process.ts'

export type DecodeOptions = {
  readonly info: MediaInfo
  /** Seconds; a video that turns out this long or longer is refused whatever its header says. */
  readonly maxSeconds?: number | undefined
  /** Called for each sampled frame in order of time. The bytes are the callee's to keep. */
  readonly onFrame: (timeMs: number, gray: Uint8Array) => void
  /** Called with mono samples at 11025 Hz in order; never without sound. The first is at info.audioStartSeconds. */
  readonly onAudio?: ((pcm: Int16Array) => void) | undefined
  /** 0..1, by the header's length. */
  readonly onProgress?: ((fraction: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
  /** Threads of the picture decoder, 1 unless given: jobs run side by side instead. */
  readonly threads?: number | undefined
  /** Skips frames that no other frame refers to: about 1.6 times as fast, sampled frames up to 2 frames older. */
  readonly quick?: boolean | undefined
  /** Without a byte or a sign of progress for so long the process is killed. */
  readonly stallMs?: number | undefined
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
}

const DEFAULT_STALL_MS = 120_000

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
  const { info, maxSeconds = DEFAULT_MAX_SECONDS, threads = 1, quick = false, withAudio } = options
  const args = decodeArguments(tools, path, { info, maxSeconds, threads, quick, withAudio })
  const { onFrame, onAudio, onProgress, signal, stallMs = DEFAULT_STALL_MS } = options
  const lengthMs = 1000 * (info.durationSeconds ?? maxSeconds)
  const errorLog = new ErrorLog()
  const clock = new FrameClock((timeMs, gray) => {
    onFrame(timeMs, gray)
    onProgress?.(Math.min(1, timeMs / lengthMs))
  })
  const frames = new FrameReader(FRAME_SIDE * FRAME_SIDE, (gray) => clock.pushFrame(gray))
  const audio = new PcmReader((pcm) => onAudio?.(pcm))
  const end = await runProcess({
    program: tools.ffmpeg,
    args,
    sinks: {
      [PIPES.frames]: (chunk) => frames.push(chunk),
      [PIPES.errors]: (chunk) => errorLog.push(chunk),
      [PIPES.audio]: (chunk) => audio.push(chunk),
      // Read only so that the watchdog sees life while nothing else comes.
      [PIPES.progress]: () => undefined,
      [PIPES.times]: (chunk) => clock.pushTimes(chunk),
    },
    signal,
    stallMs,
  })
  return {
    ...end,
    frames: clock.frames,
    firstFrameMs: clock.firstMs,
    lastFrameMs: clock.lastMs,
    audioSeconds: audio.samples / AUDIO_RATE,
    errors: errorLog.count,
    lastError: errorLog.last,
  }
}
