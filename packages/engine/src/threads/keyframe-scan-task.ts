import { FingerprintBuilder } from '@kinoprint/dna'
import { type MediaInfo, planThumbnails } from '@kinoprint/media'
import { decodeFile, probeFile } from './decode-file.ts'
import { decodeKeyframes } from './decode-keyframes.ts'
import { makeThumbnails, queriedFileOf } from './fingerprint-task.ts'
import type { KeyframeScan, ScanInput, TaskOptions } from './tasks.ts'

/** Shorter videos are decoded in full, because starting ffmpeg a second time costs as much as decoding their frames. */
const LONG_SECONDS = 60
/** Interval of the transforms that only a query has. */
const TRANSFORM_MS = 2000

/**
 * Fingerprints a file with which a library is searched. Only keyframes and audio of a long file are decoded, a tenth of
 * the work; the search refines the parts for which they are inconclusive.
 */
export async function runKeyframeScanTask(input: ScanInput, options: TaskOptions): Promise<KeyframeScan> {
  const info = await probeFile(input, options)
  const isLong = info.kind === 'video' && (info.durationSeconds ?? 0) >= LONG_SECONDS
  const scan = isLong ? await scanLongFile(input, options, info) : null
  if (scan !== null) return scan
  const decoded = await decodeFile(
    { ...input, asQuery: true, takeThumbnails: input.thumbnailsDir !== null },
    options,
    info,
  )
  const thumbnailsFailure = await makeThumbnails(decoded, input.thumbnailsDir)
  return { file: queriedFileOf(decoded, input.tracks), keyframes: null, thumbnailsFailure }
}

/** A builder for a query that sees only some frames: the keyframes (`sparse`), or some ranges in full. */
export function createQueryBuilder(
  { width, height }: MediaInfo,
  { sparse }: { readonly sparse: boolean },
): FingerprintBuilder {
  return new FingerprintBuilder({ query: { viewIntervalMs: TRANSFORM_MS, aspect: width / height, sparse } })
}

/** Null if keyframes do not represent the file. */
async function scanLongFile(
  input: ScanInput,
  options: TaskOptions,
  info: MediaInfo,
): Promise<KeyframeScan | null> {
  const builder = createQueryBuilder(info, { sparse: true })
  const thumbnailPlan = planThumbnails(info)
  const thumbnails = input.thumbnailsDir === null ? undefined : thumbnailPlan
  const decoded = await decodeKeyframes(input, { ...options, info, builder, thumbnails })
  if (decoded === null) return null
  const { timesMs, durationSeconds, audioStartSeconds } = decoded
  const audioStartMs = Math.round(audioStartSeconds * 1000)
  const fingerprint = builder.finish({ durationSeconds, audioStartMs })
  const scanned = { info, fingerprint, frameCount: timesMs.length, notes: info.notes }
  const file = queriedFileOf(scanned, input.tracks)
  const { audio } = file.query.fingerprint
  const made = { thumbnails: decoded.thumbnails, thumbnailPlan }
  const thumbnailsFailure = await makeThumbnails(made, input.thumbnailsDir)
  return { file, keyframes: { info, timesMs, audio, durationSeconds }, thumbnailsFailure }
}
