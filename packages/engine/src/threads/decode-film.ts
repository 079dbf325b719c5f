import { Fault } from '@kinoprint/core'
import { type Fingerprint, type FingerprintBuilder, joinPieces, SAMPLING } from '@kinoprint/dna'
import {
  canSeek,
  type DecodeSummary,
  decode,
  decodeRanges,
  type MediaInfo,
  type ThumbnailPlan,
  type TimeRange,
} from '@kinoprint/media'
import { type FilmPiece, packPiece, pieceSecondsFor, unpackPiece } from './film-piece.ts'
import { SparsenessCheck, SparseReferences, worthSkipping } from './sparse-references.ts'
import type { FileInput, TaskOptions } from './tasks.ts'

/** Share of the work that reads audio, thumbnails and the length. */
const SURVEY_SHARE = 0.1
/** Seconds that one decoder reads, so that the frames that wait for those of another stay few. */
const RANGE_SECONDS = 60
/** Frames may follow the end that the survey found. */
const OVERRUN_SECONDS = 5

export type FilmOptions = TaskOptions & {
  readonly info: MediaInfo
  readonly thumbnails: ThumbnailPlan | undefined
  readonly newBuilder: () => FingerprintBuilder
}

export type DecodedFilm = Pick<DecodeSummary, 'thumbnails' | 'notes'> & {
  readonly fingerprint: Fingerprint
  readonly frameCount: number
}

/**
 * Decodes a film in pieces and reports each when it is finished, so that an interrupted job continues after the last
 * one. Memory does not grow with the length of the film. Audio and thumbnails are read first, in one run that decodes
 * only keyframes and is repeated after an interruption.
 *
 * Null for a video that must be decoded at once: it is short, damaged, or in a format that cannot be read from the
 * middle (docs/formats.md).
 */
export async function decodeFilm(input: FileInput, options: FilmOptions): Promise<DecodedFilm | null> {
  const { info, signal, onProgress, onPiece, newBuilder } = options
  const seconds = pieceSecondsFor(info.durationSeconds, input.film ?? {})
  if (seconds === null || !canSeek(info)) return null
  const survey = await surveyFilm(input, options)
  if (survey === null) return null
  const { durationSeconds, audio } = survey
  const pieces: FilmPiece[] = []
  const count = Math.ceil(durationSeconds / seconds)
  let frames: FilmPiece['frames'] = worthSkipping(info) ? 'references' : 'all'
  for (let index = 0; index < count; index++) {
    signal.throwIfAborted()
    const kept = input.film?.finished.find((one) => one.index === index)
    const end = index === count - 1 ? durationSeconds + OVERRUN_SECONDS : (index + 1) * seconds
    const range = { fromMs: 1000 * index * seconds, toMs: 1000 * end }
    const known = kept === undefined ? null : unpackPiece(kept.data)
    const piece = known ?? (await decodePiece(input, options, { range, frames }))
    if (known === null) onPiece({ index, data: packPiece(piece) })
    pieces.push(piece)
    frames = piece.frames
    onProgress(SURVEY_SHARE + ((1 - SURVEY_SHARE) * (index + 1)) / count)
  }
  const frameCount = pieces.reduce((sum, piece) => sum + piece.frameCount, 0)
  const fingerprint = joinPieces(
    pieces.map((piece) => piece.fingerprint),
    { durationSeconds, audio },
  )
  return { ...survey, fingerprint, frameCount }

  async function surveyFilm(file: FileInput, { thumbnails }: FilmOptions) {
    const builder = newBuilder()
    const summary = await decode(file.tools, file.path, {
      info,
      sampling: SAMPLING,
      maxSeconds: file.maxSeconds,
      signal,
      frames: 'keyframes',
      threads: file.ffmpegThreads,
      thumbnails,
      onFrame: () => undefined,
      onAudio: (pcm) => builder.pushAudio(pcm),
      onProgress: (fraction) => onProgress(SURVEY_SHARE * fraction),
    }).catch((error: unknown) => {
      // Decoding all of it decides whether it is refused, and with which message.
      if (error instanceof Fault && error.code === 'ResourceNotSupported') return null
      throw error
    })
    if (summary === null || summary.errors > 0) return null
    const audioStartMs = Math.round(1000 * summary.audioStartSeconds)
    const { audio } = builder.finish({ durationSeconds: summary.durationSeconds, audioStartMs })
    return { ...summary, audio }
  }
}

type Piece = { readonly range: TimeRange; readonly frames: FilmPiece['frames'] }

async function decodePiece(input: FileInput, options: FilmOptions, piece: Piece): Promise<FilmPiece> {
  try {
    return await decodePieceBy(input, options, piece)
  } catch (error) {
    if (!(error instanceof SparseReferences)) throw error
    return decodePieceBy(input, options, { ...piece, frames: 'all' })
  }
}

async function decodePieceBy(
  { tools, path, ffmpegThreads }: FileInput,
  { info, signal, newBuilder }: FilmOptions,
  { range, frames }: Piece,
): Promise<FilmPiece> {
  const builder = newBuilder()
  const check = frames === 'references' ? new SparsenessCheck(info) : null
  let frameCount = 0
  await decodeRanges(tools, path, {
    info,
    sampling: SAMPLING,
    frames,
    ranges: partsOf(range),
    signal,
    threads: ffmpegThreads,
    onFrame: (timeMs, gray) => {
      check?.see(timeMs)
      frameCount += 1
      builder.pushFrame(timeMs, gray)
    },
  })
  const durationSeconds = range.toMs / 1000
  return { fingerprint: builder.finish({ durationSeconds, audioStartMs: 0 }), frameCount, frames }
}

function partsOf({ fromMs, toMs }: TimeRange): TimeRange[] {
  const stepMs = 1000 * RANGE_SECONDS
  const count = Math.ceil((toMs - fromMs) / stepMs)
  return Array.from({ length: count }, (_, n) => ({
    fromMs: fromMs + n * stepMs,
    toMs: Math.min(toMs, fromMs + (n + 1) * stepMs),
  }))
}
