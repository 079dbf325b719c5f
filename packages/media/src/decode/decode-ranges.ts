import type { MediaInfo } from '../media-info.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import type { DecodedFrames, Sampling } from './decode-arguments.ts'
import { throwIfFailed } from './decode-outcome.ts'
import { decoderCountFor } from './plan-sections.ts'
import { ReorderBuffer, runConcurrently } from './run-concurrently.ts'
import { runDecoder } from './run-decoder.ts'
import { timeLimitsOf } from './time-limits.ts'

/** Milliseconds of the presentation. */
export type TimeRange = { readonly fromMs: number; readonly toMs: number }

export type RangeOptions = {
  readonly info: MediaInfo
  readonly sampling: Sampling
  readonly frames: Extract<DecodedFrames, 'all' | 'references'>
  readonly ranges: readonly TimeRange[]
  /** As in `decode`, for one range after another. */
  readonly onFrame: (timeMs: number, gray: Uint8Array) => void
  readonly signal?: AbortSignal | undefined
  /** For all ranges together; they are decoded in parallel. */
  readonly threads?: number | undefined
}

/** A range is short, but the preceding keyframe may be far away. */
const TIMEOUT_MS = 15 * 60_000

/**
 * Decodes the frames of some time ranges of a previously decoded file, without audio. Frames and times are the same as
 * those from decoding the whole file. Ranges that cannot be decoded are omitted.
 *
 * @throws Fault Cancelled after an abort, ResourceNotSupported if the decoder stalls or crashes.
 */
export async function decodeRanges(
  tools: Tools,
  path: string,
  { info, sampling, frames, ranges, onFrame, signal, threads = 1 }: RangeOptions,
): Promise<void> {
  const concurrency = Math.max(1, Math.min(decoderCountFor(threads), ranges.length))
  const ordered = new ReorderBuffer()
  const tasks = ranges.map(({ fromMs, toMs }, n) => async (stop: AbortSignal): Promise<void> => {
    const startMs = sampling.intervalMs * Math.floor(Math.max(0, fromMs) / sampling.intervalMs)
    const outcome = await runDecoder(tools, path, {
      info,
      sampling,
      lengthSeconds: (toMs - startMs) / 1000,
      threads: Math.trunc(threads / concurrency),
      frames,
      withAudio: false,
      thumbnails: null,
      fromSeconds: startMs / 1000,
      onFrame: (timeMs, gray) => ordered.push(n, gray, (bytes) => onFrame(timeMs, bytes)),
      signal: stop,
      timeoutMs: TIMEOUT_MS,
      cpuSeconds: timeLimitsOf({ info }).cpuSeconds,
    })
    throwIfFailed(outcome)
    ordered.end(n)
  })
  await runConcurrently(tasks, { concurrency, signal })
}
