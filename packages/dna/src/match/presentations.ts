import { type BitChange, inverseOf, laid, MIRRORED, ORIENTATIONS, type Orientation } from './orientation.ts'
import type { PictureLane } from './picture-lane.ts'
import { createScreen } from './promise.ts'
import type { Turn } from './segment.ts'

/** A part of a query that shows what a stored cut shows, if the query is laid as `orientation` says. */
type PartLane = {
  readonly cut: number
  /** Null: as it is. */
  readonly orientation: Orientation | null
  readonly lane: PictureLane
}

/** The picture tracks of a video: the whole picture, and cuts of it at fewer frames a second. */
export type PictureTracks = {
  readonly whole: PictureLane
  /** Cuts of the picture, by their numbers. */
  readonly views: ReadonlyMap<number, PictureLane>
  /** Only in a query: the picture turned a little, and further cuts. */
  readonly guesses: readonly PictureLane[]
  /** Only in a query: rectangles in the picture. */
  readonly rectangles: readonly PictureLane[]
  /** Only in a query: parts of it that show what a stored cut shows. */
  readonly parts: readonly PartLane[]
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
  /** What evidence found this way counts, 0..1: less where more ways were tried. */
  readonly share: number
}

/** A way before it is known to be worth laying its frames. */
type Way = Pick<Presentation, 'rows' | 'columns' | 'query'> & { readonly orientation: Orientation | null }

/** Ways beside the plain one that are aligned in full; the others fall to the screening. */
const MAX_UNUSUAL = 2
/** Sum of the screening (a share 0..1 a frame) from which a way is worth aligning ... */
const MIN_PROMISE = 0.4
/** ... and what it must reach of the plain way's: symmetrical pictures are alike both ways. */
const PLAIN_SHARE = 0.7
/** What a way other than the plain one counts: a mirrored, a turned or a cut one; and one that is cut and laid so. */
const UNUSUAL_SHARE = 0.85
const COMBINED_SHARE = UNUSUAL_SHARE ** 2

/** Both as they are. */
export function plainWay(query: PictureTracks, ref: PictureTracks): Presentation {
  return { rows: query.whole, columns: ref.whole, query: 'rows', mirrored: false, turn: 0, share: 1 }
}

/**
 * The other ways worth aligning: of the mirrored and turned ones, those in which either side shows only a cut of the
 * other, and those that are both, the most promising after a few frames of each were compared.
 */
export function unusualWays(query: PictureTracks, ref: PictureTracks): Presentation[] {
  const screen = createScreen()
  const promiseOf = (way: Way, isBrief: boolean) => screen({ ...way, lay: layOfRows(way), isBrief })
  const plain = promiseOf(ofRef(query.whole, ref, null), false)
  const promising = (ways: readonly Way[], isBrief: boolean) =>
    ways
      .map((way) => ({ way, promise: promiseOf(way, isBrief) }))
      .filter(({ promise }) => promise >= Math.max(MIN_PROMISE, PLAIN_SHARE * plain))
  const single = promising(singleWays(query, ref), false)
  const combined = promising(combinedWays(query, ref), true)
  return [
    ...single.map(({ way, promise }) => ({ way, promise, share: UNUSUAL_SHARE })),
    ...combined.map(({ way, promise }) => ({ way, promise: UNUSUAL_SHARE * promise, share: COMBINED_SHARE })),
  ]
    .sort((a, b) => b.promise - a.promise)
    .slice(0, MAX_UNUSUAL)
    .map(({ way, share }) => present(way, share))
}

/** Cut, or laid in another way. */
function singleWays(query: PictureTracks, ref: PictureTracks): Way[] {
  return [
    ...ORIENTATIONS.map((orientation) => ofRef(query.whole, ref, orientation)),
    ...refCuts(query.whole, ref, null),
    ...[...query.views.values(), ...query.guesses, ...query.rectangles].map((lane) => ofRef(lane, ref, null)),
    ...partWays(query, ref).filter(({ orientation }) => orientation === null),
    ...uncutWays(query, ref, null),
  ]
}

/** Cut, and laid in another way. Of the turned ways only those that people make: whole pictures turned in a frame. */
function combinedWays(query: PictureTracks, ref: PictureTracks): Way[] {
  return [
    ...ORIENTATIONS.flatMap((orientation) => [
      ...refCuts(query.whole, ref, orientation),
      ...query.rectangles.map((lane) => ofRef(lane, ref, orientation)),
    ]),
    ...[...query.views.values(), ...query.guesses].map((lane) => ofRef(lane, ref, MIRRORED)),
    ...partWays(query, ref).filter(({ orientation }) => orientation !== null),
    ...uncutWays(query, ref, MIRRORED),
  ]
}

/** A view of the query that may be the whole picture of the reference. */
function ofRef(rows: PictureLane, ref: PictureTracks, orientation: Orientation | null): Way {
  return { rows, columns: ref.whole, query: 'rows', orientation }
}

/** A view of the query that may be one of the stored cuts. */
function refCuts(columns: PictureLane, ref: PictureTracks, orientation: Orientation | null): Way[] {
  return [...ref.views.values()].map((rows) => ({ rows, columns, query: 'columns', orientation }))
}

/** Both sides show a cut of something larger, the query by its own making. */
function partWays({ parts }: PictureTracks, ref: PictureTracks): Way[] {
  return parts.flatMap(({ cut, orientation, lane }) => {
    const rows = ref.views.get(cut)
    return rows ? [{ rows, columns: lane, query: 'columns' as const, orientation }] : []
  })
}

/** What was cut as bars may have been a dark picture's own edge. */
function uncutWays({ uncut }: PictureTracks, ref: PictureTracks, orientation: Orientation | null): Way[] {
  return uncut ? [ofRef(uncut, ref, orientation), ...refCuts(uncut, ref, orientation)] : []
}

/** How the frames of the rows are laid: either the query's, or the reference's the other way about. */
function layOfRows({ query, orientation }: Way): BitChange | null {
  return orientation && (query === 'rows' ? orientation : inverseOf(orientation))
}

/** The way with the query's frames laid. */
function present({ rows, columns, query, orientation }: Way, share: number): Presentation {
  const own = query === 'rows' ? rows : columns
  const lane = orientation ? laid(own, orientation) : own
  const laying = { mirrored: orientation?.mirrored ?? false, turn: orientation?.turn ?? 0, share } as const
  return query === 'rows'
    ? { rows: lane, columns, query, ...laying }
    : { rows, columns: lane, query, ...laying }
}
