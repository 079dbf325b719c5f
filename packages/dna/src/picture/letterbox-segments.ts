import { findActivePicture, MAX_BAR_LEVEL, MAX_BAR_LINES, SAME_WIDTH_LINES } from './active-picture.ts'
import {
  addLines,
  deviationPercentile,
  emptyStatistics,
  type FrameLines,
  type FrameStatistics,
  isInformative,
  type LineStatistics,
  measureLines,
  QUIET_DEVIATION,
} from './line-statistics.ts'
import { FRAME_SIDE, type Rect } from './rect.ts'

/** Number of black lines at each side of a single frame; null for a frame that shows too little picture to tell. */
export type BlackEdges = readonly [left: number, top: number, right: number, bottom: number] | null

/** Within a segment the black edges of frames differ by at most this many lines. */
const STEADY_LINES = 2
/** A segment of this many informative frames (two seconds) may have its own letterbox. */
const ENOUGH_FRAMES = 8
/** A shorter segment needs at least this many frames (one where frames are seconds apart), ... */
const MIN_FRAMES = 2
/**
 * ... and bars this even, in grey levels and to within half a level. Painted bars stay under 1.2 after coding. The dark
 * edges of a night scene, which eight frames reveal as picture, reach 1.5 to 5.
 */
const CLEAN_DEVIATION = 1
/**
 * Share of a bar's lines that must be this even over several frames, because coding blurs the lines beside the picture.
 * In a single sparse frame all must be.
 */
const CLEAN_SHARE = 0.9
/** The bars of a segment are equally wide to within this many lines; otherwise one of them is a shadow. */
const PAIR_LINES = 3

function blackLines(means: Float64Array, deviations: Float64Array, fromEnd: boolean): number {
  let lines = 0
  while (lines < MAX_BAR_LINES) {
    const at = fromEnd ? FRAME_SIDE - 1 - lines : lines
    if ((means[at] as number) > MAX_BAR_LEVEL || (deviations[at] as number) >= QUIET_DEVIATION) break
    lines++
  }
  return lines
}

/** The black edges of a measured frame. */
export function blackEdgesOf(lines: FrameLines): BlackEdges {
  if (!isInformative(lines)) return null
  const { rowMeans, rowDeviations, columnMeans, columnDeviations } = lines
  return [
    blackLines(columnMeans, columnDeviations, false),
    blackLines(rowMeans, rowDeviations, false),
    blackLines(columnMeans, columnDeviations, true),
    blackLines(rowMeans, rowDeviations, true),
  ]
}

function isSteady(a: NonNullable<BlackEdges>, b: NonNullable<BlackEdges>): boolean {
  return a.every((lines, side) => Math.abs(lines - (b[side] as number)) <= STEADY_LINES)
}

/** Consecutive frames whose black edges agree; `to` is one past the last. */
type LetterboxSegment = { from: number; to: number; informative: number }

/** Splits the frames wherever the black edges change. Uninformative frames join the segment before them. */
function segmentsOf(edges: readonly BlackEdges[]): LetterboxSegment[] {
  const segments: LetterboxSegment[] = []
  let first: BlackEdges = null
  let segment: LetterboxSegment = { from: 0, to: 0, informative: 0 }
  for (const [index, own] of edges.entries()) {
    if (own && first && !isSteady(own, first)) {
      segments.push(segment)
      segment = { from: index, to: index, informative: 0 }
      first = null
    }
    first ??= own
    segment.to = index + 1
    if (own) segment.informative++
  }
  if (segment.to > segment.from) segments.push(segment)
  return segments
}

/**
 * Returns the bars of one axis of a segment: its own if both differ from those of the whole in the same direction and
 * are equally wide, otherwise those of the whole. A subtitle in one bar or a shadow on one side changes nothing.
 */
function chooseBars(
  own: readonly [number, number],
  whole: readonly [number, number],
): readonly [number, number] {
  const [start, end] = [own[0] - whole[0], own[1] - whole[1]]
  const differ = Math.min(Math.abs(start), Math.abs(end)) > SAME_WIDTH_LINES && start > 0 === end > 0
  return differ && Math.abs(own[0] - own[1]) <= PAIR_LINES ? own : whole
}

function chooseActivePicture(own: Rect, whole: Rect): Rect {
  const bars = ({ left, top, right, bottom }: Rect) =>
    ({ x: [left, FRAME_SIDE - right], y: [top, FRAME_SIDE - bottom] }) as const
  const [left, right] = chooseBars(bars(own).x, bars(whole).x)
  const [top, bottom] = chooseBars(bars(own).y, bars(whole).y)
  return { left, top, right: FRAME_SIDE - right, bottom: FRAME_SIDE - bottom }
}

/** Whether, on each side, at least `share` of the lines outside a picture are even in every frame. */
function isClean(
  { rows, columns }: FrameStatistics,
  { left, top, right, bottom }: Rect,
  share: number,
): boolean {
  const isEven = (lines: LineStatistics, from: number, to: number): boolean => {
    let even = 0
    for (let line = from; line < to; line++) {
      if (deviationPercentile(lines, line, 1) <= CLEAN_DEVIATION) even++
    }
    return even >= share * (to - from)
  }
  return (
    isEven(columns, 0, Math.floor(left)) &&
    isEven(columns, Math.ceil(right), FRAME_SIDE) &&
    isEven(rows, 0, Math.floor(top)) &&
    isEven(rows, Math.ceil(bottom), FRAME_SIDE)
  )
}

type SegmentOptions = {
  readonly pixelsAt: (index: number) => Uint8Array
  /** Whether the frames are seconds apart, each from a scene of its own. */
  readonly sparse: boolean
}

/**
 * Returns the active picture of each frame. It is that of the whole chunk, unless both bars of an axis are wider,
 * narrower or missing for at least two seconds, or for less if evenly black. Such a segment has its own. A clip inside
 * a compilation therefore keeps its picture, and so does a shot that an excerpt cuts short.
 */
export function activePicturesOf(
  edges: readonly BlackEdges[],
  whole: Rect,
  { pixelsAt, sparse }: SegmentOptions,
): Rect[] {
  const pictures: Rect[] = []
  for (const segment of segmentsOf(edges)) {
    const own = activePictureOf(segment, { edges, whole, pixelsAt, sparse })
    // Uninformative frames share the picture of the preceding segment only if it is long: a title on black after a
    // second of letterbox does not belong to it.
    const isLong = sparse || segment.informative >= ENOUGH_FRAMES
    const last = edges.slice(segment.from, segment.to).findLastIndex((black) => black !== null)
    const end = isLong ? segment.to : segment.from + last + 1
    for (let index = segment.from; index < segment.to; index++) pictures.push(index < end ? own : whole)
  }
  return pictures
}

function activePictureOf(
  { from, to, informative }: LetterboxSegment,
  {
    edges,
    whole,
    pixelsAt,
    sparse,
  }: SegmentOptions & { readonly edges: readonly BlackEdges[]; readonly whole: Rect },
): Rect {
  const wholeBars = [whole.left, whole.top, FRAME_SIDE - whole.right, FRAME_SIDE - whole.bottom]
  const first = edges.slice(from, to).find((own) => own !== null)
  const differs = first?.some((lines, side) => Math.abs(lines - (wholeBars[side] as number)) > STEADY_LINES)
  if (!differs || informative < (sparse ? 1 : MIN_FRAMES)) return whole
  const statistics = emptyStatistics()
  for (let index = from; index < to; index++) {
    if (edges[index]) addLines(statistics, measureLines(pixelsAt(index)))
  }
  const own = chooseActivePicture(findActivePicture(statistics), whole)
  const isProven = informative >= ENOUGH_FRAMES || isClean(statistics, own, sparse ? 1 : CLEAN_SHARE)
  return isProven ? own : whole
}
