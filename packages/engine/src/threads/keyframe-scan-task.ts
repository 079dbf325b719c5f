import { Fault } from '@kinoprint/core'
import { FingerprintBuilder, SAMPLING } from '@kinoprint/dna'
import { decode, type MediaInfo } from '@kinoprint/media'
import { decodeFile, probeFile } from './decode-file.ts'
import { queriedFileOf } from './fingerprint-task.ts'
import type { FileInput, KeyframeScan, TaskOptions } from './tasks.ts'

/** Shorter videos are decoded in full, because starting ffmpeg a second time costs as much as decoding their frames. */
const LONG_SECONDS = 60
/** Interval of the transforms that only a query has. */
const TRANSFORM_MS = 2000
/** Files whose keyframes are further apart on average, or closer, are decoded in full. */
const MAX_INTERVAL_MS = 12_000
const MIN_INTERVAL_MS = 750

/**
 * Fingerprints a file with which a library is searched. Only keyframes and audio of a long file are decoded, a tenth of
 * the work; the search refines the parts for which they are inconclusive.
 */
export async function runKeyframeScanTask(input: FileInput, options: TaskOptions): Promise<KeyframeScan> {
  const info = await probeFile(input, options)
  const isLong = (info.durationSeconds ?? 0) >= LONG_SECONDS
  const scan = isLong ? await scanLongFile(input, options, info) : null
  if (scan !== null) return scan
  const decoded = await decodeFile({ ...input, asQuery: true, takeThumbnails: false }, options, info)
  return { file: queriedFileOf(decoded), keyframes: null }
}

/** A builder for a query that sees only some frames: the keyframes (`sparse`), or some ranges in full. */
export function createQueryBuilder(
  { width, height }: MediaInfo,
  { sparse }: { readonly sparse: boolean },
): FingerprintBuilder {
  return new FingerprintBuilder({ query: { viewIntervalMs: TRANSFORM_MS, aspect: width / height, sparse } })
}

/** Null if keyframes do not represent the file, because it is damaged, or they are too rare or too frequent. */
async function scanLongFile(
  { tools, path, maxSeconds, ffmpegThreads }: FileInput,
  { signal, onProgress }: TaskOptions,
  info: MediaInfo,
): Promise<KeyframeScan | null> {
  const builder = createQueryBuilder(info, { sparse: true })
  const timesMs: number[] = []
  try {
    const { durationSeconds, errors, audioStartSeconds } = await decode(tools, path, {
      info,
      sampling: SAMPLING,
      maxSeconds,
      signal,
      frames: 'keyframes',
      threads: ffmpegThreads,
      onFrame: (timeMs, gray) => {
        timesMs.push(timeMs)
        builder.pushFrame(timeMs, gray)
      },
      onAudio: (pcm) => builder.pushAudio(pcm),
      onProgress,
    })
    const intervalMs = (1000 * durationSeconds) / timesMs.length
    if (errors > 0 || intervalMs > MAX_INTERVAL_MS || intervalMs < MIN_INTERVAL_MS) return null
    const audioStartMs = Math.round(audioStartSeconds * 1000)
    const fingerprint = builder.finish({ durationSeconds, audioStartMs })
    const file = queriedFileOf({ info, fingerprint, frameCount: timesMs.length, notes: info.notes })
    const { audio } = file.query.fingerprint
    return { file, keyframes: { info, timesMs, audio, durationSeconds } }
  } catch (error) {
    // Decoding the whole file decides whether it is refused, and with which message.
    if (error instanceof Fault && error.code === 'ResourceNotSupported') return null
    throw error
  }
}
