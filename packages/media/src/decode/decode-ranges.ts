import { formatTraits } from '../formats/formats.ts'
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
/** ffmpeg seeks by decoding time, and so may miss the frames between that of a keyframe and its own. */
const LEAD_MS = 1000

/**
 * Decodes the frames of some time ranges of a previously decoded file, without audio. Frames and times are the same as
 * those from decoding the whole file. Ranges that cannot be decoded are omitted. A format without an index of its
 * keyframes (formats.ts) is read from the start.
 *
 * @throws Fault Cancelled after an abort, ResourceNotSupported if the decoder stalls or crashes.
 */
export async function decodeRanges(
  tools: Tools,
  path: string,
  { info, sampling, frames, ranges, onFrame, signal, threads = 1 }: RangeOptions,
): Promise<void> {
  if (!formatTraits[info.format].isSeekable) {
    await decodeThrough(tools, path, { info, sampling, frames, ranges, onFrame, signal, threads })
    return
  }
  const concurrency = Math.max(1, Math.min(decoderCountFor(threads), ranges.length))
  const ordered = new ReorderBuffer()
  const tasks = ranges.map(({ fromMs, toMs }, n) => async (stop: AbortSignal): Promise<void> => {
    const startMs = gridTime(fromMs, sampling)
    const leadMs = info.format === 'mp4' ? 0 : Math.min(startMs, LEAD_MS)
    const decodeFromMs = startMs - leadMs
    const outcome = await runDecoder(tools, path, {
      info,
      sampling,
      lengthSeconds: (toMs - decodeFromMs) / 1000,
      threads: Math.trunc(threads / concurrency),
      frames,
      withAudio: false,
      thumbnails: null,
      fromSeconds: decodeFromMs / 1000,
      onFrame: (timeMs, gray) => {
        if (timeMs >= startMs) ordered.push(n, gray, (bytes) => onFrame(timeMs, bytes))
      },
      signal: stop,
      timeoutMs: TIMEOUT_MS,
      cpuSeconds: timeLimitsOf({ info }).cpuSeconds,
    })
    throwIfFailed(outcome)
    ordered.end(n)
  })
  await runConcurrently(tasks, { concurrency, signal })
}

/** The last multiple of the sampling interval up to a time. */
function gridTime(timeMs: number, { intervalMs }: Sampling): number {
  return intervalMs * Math.floor(Math.max(0, timeMs) / intervalMs)
}

/**
 * Reads the file from its start to the end of the last range, because a decoder cannot start anywhere else in it. The
 * audio is decoded too: in formats whose timestamps start at any value, time 0 is where the first decoded stream starts.
 */
async function decodeThrough(
  tools: Tools,
  path: string,
  { info, sampling, frames, ranges, onFrame, signal, threads = 1 }: RangeOptions,
): Promise<void> {
  const lengthSeconds = Math.max(0, ...ranges.map(({ toMs }) => toMs)) / 1000
  const outcome = await runDecoder(tools, path, {
    info,
    sampling,
    lengthSeconds,
    threads,
    frames,
    withAudio: info.hasAudio,
    thumbnails: null,
    fromSeconds: 0,
    onFrame: (timeMs, gray) => {
      const isWanted = ranges.some(
        ({ fromMs, toMs }) => timeMs >= gridTime(fromMs, sampling) && timeMs < toMs,
      )
      if (isWanted) onFrame(timeMs, gray)
    },
    signal,
    ...timeLimitsOf({ info, maxSeconds: lengthSeconds }),
  })
  throwIfFailed(outcome)
}
