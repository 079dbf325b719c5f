import { deserialize, serialize } from 'node:v8'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Fingerprint } from '@kinoprint/dna'

/** Length of a piece in seconds. */
const PIECE_SECONDS = 600
/** A film is at least this many pieces long. */
const MIN_PIECES = 3
/** Pieces are kept for minutes: time matters more than space. */
const FAST = { level: 1 }

/** How to decode a film in pieces, and those that an earlier attempt has finished. */
export type FilmInput = {
  /** Length of a piece in whole seconds. Default: 10 min. */
  readonly pieceSeconds?: number | undefined
  readonly finished: readonly PackedPiece[]
}

/** A finished piece as it is kept. Only this version of the program reads it. */
export type PackedPiece = { readonly index: number; readonly data: Uint8Array }

export type FilmPiece = {
  readonly fingerprint: Fingerprint
  /** Number of frames that were sampled. */
  readonly frameCount: number
  readonly frames: 'all' | 'references'
}

/** Length of the pieces in which to decode a video, in seconds; null for one that is decoded at once. */
export function pieceSecondsFor(
  durationSeconds: number | undefined,
  { pieceSeconds = PIECE_SECONDS }: { readonly pieceSeconds?: number | undefined },
): number | null {
  return durationSeconds !== undefined && durationSeconds >= MIN_PIECES * pieceSeconds ? pieceSeconds : null
}

export function packPiece(piece: FilmPiece): Uint8Array {
  return deflateRawSync(serialize(piece), FAST)
}

/** Null for a piece that cannot be read: it is decoded again. */
export function unpackPiece(data: Uint8Array): FilmPiece | null {
  try {
    return deserialize(inflateRawSync(data)) as FilmPiece
  } catch {
    return null
  }
}
