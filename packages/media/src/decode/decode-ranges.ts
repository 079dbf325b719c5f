import type { MediaInfo } from '../media-info.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { type DecodedFrames, SAMPLE_INTERVAL_MS } from './decode-arguments.ts'
import { inLanes } from './in-lanes.ts'
import { InOrder } from './in-order.ts'
import { throwIfNotRun } from './judge.ts'
import { lanesFor } from './plan-pieces.ts'
import { runDecoder } from './run-decoder.ts'
import { timeLimitsOf } from './time-limits.ts'

/** Milliseconds of the presentation. */
export type TimeRange = { readonly fromMs: number; readonly toMs: number }

export type RangeOptions = {
  readonly info: MediaInfo
  readonly frames: Extract<DecodedFrames, 'all' | 'references'>
  readonly ranges: readonly TimeRange[]
  /** As of `decode`; range after range. */
  readonly onFrame: (timeMs: number, gray: Uint8Array) => void
  readonly signal?: AbortSignal | undefined
  /** For all ranges together: they are decoded side by side. */
  readonly threads?: number | undefined
}

/** A range is short, but its keyframe may lie far before it. */
const TIMEOUT_MS = 15 * 60_000

/**
 * Decodes the frames of some parts of a file that has been decoded before, without sound. The
 * same frames with the same times come as from decoding the whole; what cannot be decoded is left out.
 */
export const decodeRanges = async (
  tools: Tools,
  path: string,
  { info, frames, ranges, onFrame, signal, threads = 1 }: RangeOptions,
): Promise<void> => {
  const lanes = Math.max(1, Math.min(lanesFor(threads), ranges.length))
  const line = new InOrder()
  const decodeRange = async ({ fromMs, toMs }: TimeRange, n: number, stop: AbortSignal): Promise<void> => {
    const startMs = SAMPLE_INTERVAL_MS * Math.floor(Math.max(0, fromMs) / SAMPLE_INTERVAL_MS)
    const outcome = await runDecoder(tools, path, {
      info,
      lengthSeconds: (toMs - startMs) / 1000,
      threads: Math.trunc(threads / lanes),
      frames,
      withAudio: false,
      thumbnails: null,
      fromSeconds: startMs / 1000,
      onFrame: (timeMs, gray) => line.push(n, gray, (bytes) => onFrame(timeMs, bytes)),
      signal: stop,
      timeoutMs: TIMEOUT_MS,
      cpuSeconds: timeLimitsOf({ info }).cpuSeconds,
    })
    throwIfNotRun(outcome)
    line.end(n)
  }
  const works = ranges.map((range, n) => (stop: AbortSignal) => decodeRange(range, n, stop))
  await inLanes(works, { lanes, signal })
}
