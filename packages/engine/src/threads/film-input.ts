import { FORMAT_VERSION } from '@kinoprint/dna'
import type { PieceStore } from '../context.ts'
import type { FilmInput } from './film-piece.ts'
import type { RunOptions } from './thread-pool.ts'

/**
 * Reads the pieces that an earlier attempt has finished, and says how to keep further ones.
 *
 * @param purpose what the pieces are for: those of one purpose are of no use for another
 */
export async function filmOf(
  pieces: PieceStore | undefined,
  purpose: string,
): Promise<{ readonly film: FilmInput } & Pick<RunOptions, 'onPiece'>> {
  if (pieces === undefined) return { film: { finished: [] } }
  const kind = `${FORMAT_VERSION} ${pieces.pieceSeconds} ${purpose}`
  const finished = await pieces.load(kind)
  return {
    film: { finished, pieceSeconds: pieces.pieceSeconds },
    onPiece: (piece) => pieces.save(kind, piece),
  }
}
