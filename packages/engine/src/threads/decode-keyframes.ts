import { Fault } from '@kinoprint/core'
import { type FingerprintBuilder, SAMPLING } from '@kinoprint/dna'
import { type DecodeSummary, decode, type MediaInfo, type ThumbnailPlan } from '@kinoprint/media'
import type { FileInput, TaskOptions } from './tasks.ts'

/** Keyframes further apart on average, or closer, do not represent a file. */
const MAX_INTERVAL_MS = 12_000
const MIN_INTERVAL_MS = 750
/** Fewer keyframes do not show how the picture changes. */
const MIN_KEYFRAMES = 3

type KeyframeOptions = TaskOptions & {
  readonly info: MediaInfo
  readonly builder: FingerprintBuilder
  readonly thumbnails?: ThumbnailPlan | undefined
}

export type DecodedKeyframes = Pick<DecodeSummary, 'durationSeconds' | 'audioStartSeconds' | 'thumbnails'> & {
  /** Times of the keyframes, ascending. */
  readonly timesMs: readonly number[]
}

/**
 * Decodes the keyframes and the audio of a probed file into a builder, a tenth of the work. Null if the keyframes do
 * not represent the file, because it is damaged, or they are too few, too rare or too frequent: decode the whole file.
 */
export async function decodeKeyframes(
  { tools, path, maxSeconds, ffmpegThreads }: FileInput,
  { info, builder, thumbnails, signal, onProgress }: KeyframeOptions,
): Promise<DecodedKeyframes | null> {
  const timesMs: number[] = []
  try {
    const summary = await decode(tools, path, {
      info,
      sampling: SAMPLING,
      maxSeconds,
      signal,
      frames: 'keyframes',
      threads: ffmpegThreads,
      thumbnails,
      onFrame: (timeMs, gray) => {
        timesMs.push(timeMs)
        builder.pushFrame(timeMs, gray)
      },
      onAudio: (pcm) => builder.pushAudio(pcm),
      onProgress,
    })
    const intervalMs = (1000 * summary.durationSeconds) / timesMs.length
    const isUneven = intervalMs > MAX_INTERVAL_MS || intervalMs < MIN_INTERVAL_MS
    return summary.errors > 0 || isUneven || timesMs.length < MIN_KEYFRAMES ? null : { ...summary, timesMs }
  } catch (error) {
    // Decoding the whole file decides whether it is refused, and with which message.
    if (error instanceof Fault && error.code === 'ResourceNotSupported') return null
    throw error
  }
}
