import { Fault, type StoreDetail } from '@kinoprint/core'
import { type Fingerprint, FingerprintBuilder, SAMPLING, SPARSE_SAMPLING } from '@kinoprint/dna'
import {
  DamagedFile,
  type DecodedFrames,
  type DecodeSummary,
  decode,
  decodeInParallel,
  type MediaInfo,
  planThumbnails,
  probe,
  type ThumbnailPlan,
  type Thumbnails,
} from '@kinoprint/media'
import { decodeFilm } from './decode-film.ts'
import { decodeKeyframes } from './decode-keyframes.ts'
import { decodePicture, finishPicture } from './decode-picture.ts'
import { decodeSound } from './decode-sound.ts'
import { SparsenessCheck, SparseReferences, worthSkipping } from './sparse-references.ts'
import type { FileInput, TaskOptions } from './tasks.ts'

/**
 * In videos up to this length the query-only transforms are tried on every frame; in longer ones, every two seconds.
 */
const TRANSFORM_ALL_SECONDS = 120
const TRANSFORM_ALL_MS = 250
const TRANSFORM_SOME_MS = 2000

export type DecodeInput = FileInput & {
  /** How much of the file the fingerprint contains. Default: full. */
  readonly storeDetail?: StoreDetail
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
 * Decodes a probed file once and fingerprints it. With `storeDetail: 'keyframes'`, it decodes keyframes only, unless
 * they do not represent the file; of other files it then keeps a frame in two seconds. If the file allows, it skips frames that no other frame refers to and
 * decodes several sections in parallel. It starts over if either fails. A film is decoded in pieces.
 */
export async function decodeFile(
  input: DecodeInput,
  options: TaskOptions,
  info: MediaInfo,
): Promise<Decoded> {
  if (info.kind === 'picture') return decodePicture(input, options, info)
  if (info.kind === 'sound') return decodeSound(input, options, info)
  if (input.storeDetail === 'keyframes') {
    const decoded = await decodeSparsely(input, { ...options, info })
    if (decoded !== null) return decoded
  }
  const thumbnailPlan = planThumbnails(info)
  const film = await decodeFilm(input, {
    ...options,
    info,
    thumbnails: input.takeThumbnails ? thumbnailPlan : undefined,
    newBuilder: () => createBuilder(input, info),
  })
  if (film !== null) return { info, thumbnailPlan, ...film }
  let strategy: Strategy = { frames: worthSkipping(info) ? 'references' : 'all', inPieces: true }
  for (;;)
    try {
      return await decodeBy(strategy, input, { ...options, info })
    } catch (error) {
      strategy = nextStrategy(strategy, error)
    }
}

/** Null if the keyframes do not represent the file. */
async function decodeSparsely(
  input: DecodeInput,
  options: TaskOptions & { readonly info: MediaInfo },
): Promise<Decoded | null> {
  const { info } = options
  const builder = createBuilder(input, info)
  const thumbnailPlan = planThumbnails(info)
  const thumbnails = input.takeThumbnails ? thumbnailPlan : undefined
  const decoded = await decodeKeyframes(input, { ...options, builder, thumbnails })
  if (decoded === null) return null
  const fingerprint = finish(builder, decoded)
  const frameCount = fingerprint.video.startMs.length
  return { info, fingerprint, frameCount, notes: info.notes, thumbnails: decoded.thumbnails, thumbnailPlan }
}

/** A builder for a stored file, which drops frames if only keyframes are stored, or for a query. */
function createBuilder(
  { storeDetail = 'full', asQuery, maxSeconds }: DecodeInput,
  info: MediaInfo,
): FingerprintBuilder {
  const isShort = (info.durationSeconds ?? maxSeconds) <= TRANSFORM_ALL_SECONDS
  const viewIntervalMs = isShort ? TRANSFORM_ALL_MS : TRANSFORM_SOME_MS
  const aspect = info.width / info.height
  const query = asQuery ? { viewIntervalMs, aspect } : undefined
  const { intervalMs } = storeDetail === 'full' ? SAMPLING : SPARSE_SAMPLING
  return new FingerprintBuilder({ intervalMs, query, aspect })
}

function finish(
  builder: FingerprintBuilder,
  { durationSeconds, audioStartSeconds }: Pick<DecodeSummary, 'durationSeconds' | 'audioStartSeconds'>,
): Fingerprint {
  return builder.finish({ durationSeconds, audioStartMs: Math.round(audioStartSeconds * 1000) })
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
  input: DecodeInput,
  { info, signal, onProgress }: TaskOptions & { readonly info: MediaInfo },
): Promise<Decoded> {
  const { tools, path, maxSeconds, ffmpegThreads, takeThumbnails } = input
  const builder = createBuilder(input, info)
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
  // A GIF of one frame is a picture.
  const isStill = info.format === 'gif' && summary.frames === 1
  const fingerprint = isStill ? finishPicture(builder) : finish(builder, summary)
  const { notes, thumbnails } = summary
  const frameCount = input.storeDetail === 'keyframes' ? fingerprint.video.startMs.length : summary.frames
  return { info, fingerprint, frameCount, notes, thumbnails, thumbnailPlan }
}
