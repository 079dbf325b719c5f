import type { MediaInfo } from '../media-info.ts'
import { ErrorLog } from '../run/error-log.ts'
import { TOOL_FILE_BYTES, TOOL_MEMORY_BYTES } from '../run/program-limits.ts'
import { runProcess } from '../run/run-process.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import {
  type DecodedFrames,
  decodeArguments,
  FRAME_SIDE,
  PIPES,
  SAMPLE_INTERVAL_MS,
} from './decode-arguments.ts'
import { FrameClock } from './frame-clock.ts'
import { FrameReader } from './frame-reader.ts'
import { throwIfNotRun } from './judge.ts'

export type WindowOptions = {
  readonly info: MediaInfo
  readonly frames: Exclude<DecodedFrames, 'keyframes'>
  readonly fromMs: number
  readonly toMs: number
  /** As of `decode`. */
  readonly onFrame: (timeMs: number, gray: Uint8Array) => void
  readonly signal?: AbortSignal | undefined
  readonly threads?: number | undefined
}

/** A window is short, but its keyframe may lie far before it. */
const TIMEOUT_MS = 15 * 60_000

/**
 * Decodes the frames of a part of a file that has been decoded before, without sound. The
 * same frames with the same times come as from decoding the whole; what cannot be decoded is left out.
 */
export const decodeWindow = async (tools: Tools, path: string, options: WindowOptions): Promise<void> => {
  const { info, frames: which, fromMs, toMs, onFrame, signal, threads = 1 } = options
  const startMs = SAMPLE_INTERVAL_MS * Math.floor(Math.max(0, fromMs) / SAMPLE_INTERVAL_MS)
  const clock = new FrameClock((timeMs, gray) => {
    onFrame(startMs + timeMs, gray)
    frames.reuse(gray)
  })
  const frames: FrameReader = new FrameReader(FRAME_SIDE * FRAME_SIDE, (gray) => clock.pushFrame(gray))
  const errors = new ErrorLog()
  const args = decodeArguments(tools, path, {
    info,
    lengthSeconds: (toMs - startMs) / 1000,
    threads,
    frames: which,
    withAudio: false,
    stills: null,
    fromSeconds: startMs / 1000,
  })
  const end = await runProcess({
    program: tools.ffmpeg,
    args,
    sinks: {
      [PIPES.frames]: (chunk) => frames.push(chunk),
      [PIPES.errors]: (chunk) => errors.push(chunk),
      [PIPES.audio]: () => undefined,
      [PIPES.progress]: () => undefined,
      [PIPES.times]: (chunk) => clock.pushTimes(chunk),
    },
    signal,
    stallMs: tools.stallMs,
    reportsOn: PIPES.progress,
    timeoutMs: TIMEOUT_MS,
    limits: {
      memoryBytes: TOOL_MEMORY_BYTES,
      cpuSeconds: ((1 + threads) * TIMEOUT_MS) / 1000,
      fileBytes: TOOL_FILE_BYTES,
    },
  })
  const lastFrameMs = startMs + clock.lastMs
  throwIfNotRun({ ...end, lastFrameMs, outOfMemory: errors.outOfMemory, frames: clock.frames })
}
