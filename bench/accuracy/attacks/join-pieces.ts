import { copyOf, type Excerpt, FIT, type Recipe } from './recipe.ts'

/** A piece of an edited query. `copied` pieces should be found; the others are host footage. */
export type Piece = Excerpt & {
  readonly copied: boolean
  readonly filter?: string
  /** How fast it is played, with its pitch kept. */
  readonly speed?: number
}

/** Concatenates the video and, unless `silent`, the audio of pieces. */
export function joinPieces(pieces: readonly Piece[], { silent = false } = {}): Recipe {
  const sound = !silent && pieces.some(({ original }) => original.audible)
  const filters: string[] = []
  const segments = []
  let at = 0
  for (const [k, piece] of pieces.entries()) {
    const { speed = 1, filter = 'null' } = piece
    const length = (piece.seconds / speed).toFixed(3)
    const paced = speed === 1 ? '' : `setpts=PTS/${speed},`
    filters.push(`[${k}:v]${paced}${filter},${FIT},trim=0:${length},setpts=PTS-STARTPTS[v${k}]`)
    if (sound) {
      const tempo = speed === 1 ? '' : `atempo=${speed},`
      const from = piece.original.audible
        ? `[${k}:a]aresample=44100,aformat=channel_layouts=stereo,${tempo}apad`
        : 'anullsrc=r=44100:cl=stereo'
      filters.push(`${from},atrim=0:${length},asetpts=PTS-STARTPTS[a${k}]`)
    }
    if (piece.copied)
      segments.push(copyOf(piece, { from: at, speed, ...(silent ? { tracks: 'v' as const } : {}) }))
    at += piece.seconds / speed
  }
  const labels = pieces.map((_, k) => (sound ? `[v${k}][a${k}]` : `[v${k}]`)).join('')
  filters.push(`${labels}concat=n=${pieces.length}:v=1:a=${sound ? 1 : 0}[v]${sound ? '[a]' : ''}`)
  return { inputs: pieces, filters, sound, seconds: at, segments }
}
