import { HASH_WORDS } from './hamming.ts'
import { laid, ORIENTATIONS } from './orientation.ts'
import { type PictureLane, runsShown, shownHashes } from './picture-lane.ts'
import { scanner } from './scanner.ts'
import type { Turn } from './segment.ts'

/** The picture tracks of a video: the whole picture, and cuts of it at fewer frames a second. */
export type PictureTracks = {
  readonly whole: PictureLane
  /** Cuts of the picture, by their numbers. */
  readonly views: ReadonlyMap<number, PictureLane>
  /** Only in a query: the picture turned a little, a rectangle in it, further cuts. */
  readonly guesses: readonly PictureLane[]
  /** Only in a query: parts of it that show what a stored cut shows. */
  readonly parts: readonly { readonly cut: number; readonly lane: PictureLane }[]
  /** Only in a query: the picture with its black bars. */
  readonly uncut: PictureLane | null
}

/** One way to lay the query's pictures against the reference's. */
export type Presentation = {
  readonly rows: PictureLane
  readonly columns: PictureLane
  /** Which of the two is the query's. */
  readonly query: 'rows' | 'columns'
  /** How the query shows the reference's picture: mirrored left to right first, then turned clockwise. */
  readonly mirrored: boolean
  readonly turn: Turn
}

/** Ways beside the plain one that are aligned in full; the others fall to the screening. */
const MAX_UNUSUAL = 2
/** Frames compared in the screening of one way, and the bound on comparisons. */
const MIN_PROBES = 24
const MAX_PROBES = 256
const MAX_COMPARISONS = 200_000
/** A frame that finds another within this distance speaks for the way that it was laid. */
const NEAR_BITS = 72
/** Sum of the screening (a share 0..1 a frame) from which a way is worth aligning ... */
const MIN_PROMISE = 0.4
/** ... and what it must reach of the plain way's: symmetrical pictures are alike both ways. */
const PLAIN_SHARE = 0.7

/** Both as they are. */
export function plainWay(query: PictureTracks, ref: PictureTracks): Presentation {
  return { rows: query.whole, columns: ref.whole, query: 'rows', mirrored: false, turn: 0 }
}

/**
 * The other ways worth aligning: of the mirrored and turned ones and those in which either side shows only a cut of
 * the other, the most promising after a few frames of each were compared.
 */
export function unusualWays(query: PictureTracks, ref: PictureTracks): Presentation[] {
  const plain = plainWay(query, ref)
  const plainPromise = promiseOf(plain.rows, plain.columns)
  const ways = [
    ...ORIENTATIONS.map(
      (orientation): Presentation => ({
        ...plain,
        rows: laid(query.whole, orientation),
        mirrored: orientation.mirrored,
        turn: orientation.turn,
      }),
    ),
    ...[...ref.views.values()].map(
      (view): Presentation => ({ ...plain, rows: view, columns: query.whole, query: 'columns' }),
    ),
    ...[...query.views.values(), ...query.guesses].map((view): Presentation => ({ ...plain, rows: view })),
    ...partWays(query, ref, plain),
    ...uncutWays(query, ref, plain),
  ]
  const promising = ways
    .map((way) => ({ way, promise: promiseOf(way.rows, way.columns) }))
    .filter(({ promise }) => promise >= Math.max(MIN_PROMISE, PLAIN_SHARE * plainPromise))
    .sort((a, b) => b.promise - a.promise)
    .slice(0, MAX_UNUSUAL)
  return promising.map(({ way }) => way)
}

/** Both sides show a cut of something larger, the query by its own making. */
function partWays({ parts }: PictureTracks, ref: PictureTracks, plain: Presentation): Presentation[] {
  return parts.flatMap(({ cut, lane }) => {
    const rows = ref.views.get(cut)
    return rows ? [{ ...plain, rows, columns: lane, query: 'columns' }] : []
  })
}

/** What was cut as bars may have been a dark picture's own edge. */
function uncutWays({ uncut }: PictureTracks, ref: PictureTracks, plain: Presentation): Presentation[] {
  if (!uncut) return []
  return [
    { ...plain, rows: uncut },
    ...[...ref.views.values()].map(
      (view): Presentation => ({ ...plain, rows: view, columns: uncut, query: 'columns' }),
    ),
  ]
}

/** How near some frames of the rows come to any of the columns: a sum of shares, as if of 24 frames. */
function promiseOf(rows: PictureLane, columns: PictureLane): number {
  const wanted = Math.min(Math.max(MAX_COMPARISONS / Math.max(1, columns.runs), MIN_PROBES), MAX_PROBES)
  const shown = runsShown(rows)
  const stride = Math.max(1, shown.length / wanted)
  scanner.loadHashes(shownHashes(columns))
  let sum = 0
  for (let i = 0; i < shown.length; i += stride) {
    const run = shown[Math.floor(i)] as number
    const probe = rows.hashes.subarray(run * HASH_WORDS, (run + 1) * HASH_WORDS)
    sum += Math.max(0, 1 - scanner.nearest(probe) / NEAR_BITS)
  }
  return sum
}
