import { Fault } from '@kinoprint/core'
import { type Fingerprint, FingerprintBuilder, SAMPLING } from '@kinoprint/dna'
import {
  DamagedFile,
  type DecodedFrames,
  decode,
  decodeInParallel,
  type MediaInfo,
  planThumbnails,
  probe,
  type ThumbnailPlan,
  type Thumbnails,
} from '@kinoprint/media'
import { SparsenessCheck, SparseReferences, worthSkipping } from './sparse-references.ts'
import type { FileInput, TaskOptions } from './tasks.ts'

/**
 * In videos up to this length the query-only transforms are tried on every frame; in longer ones, every two seconds.
 */
const TRANSFORM_ALL_SECONDS = 120
const TRANSFORM_ALL_MS = 250
const TRANSFORM_SOME_MS = 2000

export type DecodeInput = FileInput & {
  /** Whether to add the transforms that only a query has. */
  readonly asQuery: boolean
  /** Whether to keep the frames that thumbnails are made of. */
  readonly takeThumbnails: boolean
}

export type Decoded = {
  readonly info: MediaInfo
  readonly fingerprint: Fingerprint
  readonly frameCount: number
  readonly notes: readonly string[]
  readonly thumbnails: Thumbnails | null
  readonly thumbnailPlan: ThumbnailPlan
}

/**
 * Reads the header of a file. Throws Fault ResourceNotSupported for a file that cannot be fingerprinted, or the abort
 * reason.
 */
export async function probeFile(
  { tools, path, maxSeconds }: FileInput,
  { signal }: Pick<TaskOptions, 'signal'>,
): Promise<MediaInfo> {
  const info = await probe(tools, path, { maxSeconds, signal })
  signal.throwIfAborted()
  return info
}

/**
 * Decodes a probed file once and fingerprints it. If the file allows, it skips frames that no other frame refers to and
 * decodes several sections in parallel. It starts over if either fails.
 */
export async function decodeFile(
  input: DecodeInput,
  options: TaskOptions,
  info: MediaInfo,
): Promise<Decoded> {
  let strategy: Strategy = { frames: worthSkipping(info) ? 'references' : 'all', inPieces: true }
  for (;;)
    try {
      return await decodeBy(strategy, input, { ...options, info })
    } catch (error) {
      strategy = nextStrategy(strategy, error)
    }
}

type Strategy = { readonly frames: DecodedFrames; readonly inPieces: boolean }

/** The strategy to try after this one has failed. Rethrows errors unrelated to the strategy. */
function nextStrategy(strategy: Strategy, error: unknown): Strategy {
  if (error instanceof SparseReferences) return { ...strategy, frames: 'all' }
  if (error instanceof DamagedFile) return { ...strategy, inPieces: false }
  throw error
}

async function decodeBy(
  { frames, inPieces }: Strategy,
  { tools, path, maxSeconds, ffmpegThreads, asQuery, takeThumbnails }: DecodeInput,
  { info, signal, onProgress }: TaskOptions & { readonly info: MediaInfo },
): Promise<Decoded> {
  const isShort = (info.durationSeconds ?? maxSeconds) <= TRANSFORM_ALL_SECONDS
  const viewIntervalMs = isShort ? TRANSFORM_ALL_MS : TRANSFORM_SOME_MS
  const query = asQuery ? { viewIntervalMs, aspect: info.width / info.height } : undefined
  const builder = new FingerprintBuilder({ query })
  const thumbnailPlan = planThumbnails(info)
  const check = frames === 'references' ? new SparsenessCheck(info) : null
  const summary = await (inPieces ? decodeInParallel : decode)(tools, path, {
    info,
    sampling: SAMPLING,
    maxSeconds,
    signal,
    frames,
    thumbnails: takeThumbnails ? thumbnailPlan : undefined,
    threads: inPieces ? ffmpegThreads : 1,
    onFrame: (timeMs, gray) => {
      check?.see(timeMs)
      builder.pushFrame(timeMs, gray)
    },
    onAudio: (pcm) => builder.pushAudio(pcm),
    onProgress,
  })
  check?.end()
  if (summary.frames === 0) {
    throw new Fault(
      'ResourceNotSupported',
      'No picture of this video could be decoded. Re-encode it as H.264 in MP4.',
    )
  }
  const fingerprint = builder.finish({
    durationSeconds: summary.durationSeconds,
    audioStartMs: Math.round(summary.audioStartSeconds * 1000),
  })
  const { frames: frameCount, notes, thumbnails } = summary
  return { info, fingerprint, frameCount, notes, thumbnails, thumbnailPlan }
}
