import { findPicture, MAX_BAR_LEVEL, MAX_BAR_LINES, SAME_WIDTH_LINES } from './find-picture.ts'
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
import { FRAME_SIDE, type Window } from './resample.ts'

/** Black lines at each side of one frame, counted alone; null for a frame that tells nothing. */
export type BlackEdges = readonly [left: number, top: number, right: number, bottom: number] | null

/** Frames of one stretch have black edges that differ by no more than so many lines. */
const STEADY_LINES = 2
/** A stretch of so many frames that tell something (two seconds) may have bars of its own. */
const ENOUGH_FRAMES = 8
/** A shorter one needs at least so many, and of keyframes seconds apart one, ... */
const LEAST_FRAMES = 2
/**
 * ... if its bars are this even, in grey levels and to half of one: painted bars stay under 1.2 after coding; the edges
 * of a scene at night, which over eight frames prove to be none, reach 1.5 to 5.
 */
const CLEAN_DEVIATION = 1
/**
 * Of a single keyframe all lines of a bar are as even; of several frames, which show the same edges one after the other,
 * nine tenths, for coding blurs those beside the picture.
 */
const CLEAN_SHARE = 0.9
/** Bars of a stretch are of one width to so many lines, or they are a shadow. */
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

type Stretch = { from: number; to: number; informative: number }

/** Cuts a row of frames wherever the black edges change; frames that tell nothing go with those before them. */
function stretchesOf(edges: readonly BlackEdges[]): Stretch[] {
  const stretches: Stretch[] = []
  let first: BlackEdges = null
  let stretch: Stretch = { from: 0, to: 0, informative: 0 }
  for (const [index, own] of edges.entries()) {
    if (own && first && !isSteady(own, first)) {
      stretches.push(stretch)
      stretch = { from: index, to: index, informative: 0 }
      first = null
    }
    first ??= own
    stretch.to = index + 1
    if (own) stretch.informative++
  }
  if (stretch.to > stretch.from) stretches.push(stretch)
  return stretches
}

/**
 * One axis of a stretch: its own bars if both of them differ from those of the whole in the same direction and are of
 * one width. Else those of the whole: a subtitle in one bar, a shadow at one side change nothing.
 */
function chooseBars(
  own: readonly [number, number],
  whole: readonly [number, number],
): readonly [number, number] {
  const [start, end] = [own[0] - whole[0], own[1] - whole[1]]
  const differ = Math.min(Math.abs(start), Math.abs(end)) > SAME_WIDTH_LINES && start > 0 === end > 0
  return differ && Math.abs(own[0] - own[1]) <= PAIR_LINES ? own : whole
}

function choosePicture(own: Window, whole: Window): Window {
  const bars = ({ left, top, right, bottom }: Window) =>
    ({ x: [left, FRAME_SIDE - right], y: [top, FRAME_SIDE - bottom] }) as const
  const [left, right] = chooseBars(bars(own).x, bars(whole).x)
  const [top, bottom] = chooseBars(bars(own).y, bars(whole).y)
  return { left, top, right: FRAME_SIDE - right, bottom: FRAME_SIDE - bottom }
}

/** Whether what a picture has lost at its sides is even in every frame, at least `share` of the lines of each side. */
function isClean(
  { rows, columns }: FrameStatistics,
  { left, top, right, bottom }: Window,
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

type StretchOptions = {
  readonly pixelsAt: (index: number) => Uint8Array
  /** The frames are keyframes, each of which stands for a scene. */
  readonly sparse: boolean
}

/**
 * The picture of each frame of a row: that of the whole row, but where both bars of an axis are wider, narrower or not
 * there for two seconds and more, or for less and evenly black, that stretch's own. So a clip keeps its cut inside a
 * compilation, and a shot of which an excerpt has only the beginning.
 */
export function picturesOf(
  edges: readonly BlackEdges[],
  whole: Window,
  { pixelsAt, sparse }: StretchOptions,
): Window[] {
  const pictures: Window[] = []
  for (const stretch of stretchesOf(edges)) {
    const own = pictureOf(stretch, { edges, whole, pixelsAt, sparse })
    // What tells nothing goes with what came before only where that lasted: a title on black after a glimpse of bars
    // is no part of it.
    const isLong = sparse || stretch.informative >= ENOUGH_FRAMES
    const last = edges.slice(stretch.from, stretch.to).findLastIndex((black) => black !== null)
    const end = isLong ? stretch.to : stretch.from + last + 1
    for (let index = stretch.from; index < stretch.to; index++) pictures.push(index < end ? own : whole)
  }
  return pictures
}

function pictureOf(
  { from, to, informative }: Stretch,
  {
    edges,
    whole,
    pixelsAt,
    sparse,
  }: StretchOptions & { readonly edges: readonly BlackEdges[]; readonly whole: Window },
): Window {
  const wholeBars = [whole.left, whole.top, FRAME_SIDE - whole.right, FRAME_SIDE - whole.bottom]
  const first = edges.slice(from, to).find((own) => own !== null)
  const differs = first?.some((lines, side) => Math.abs(lines - (wholeBars[side] as number)) > STEADY_LINES)
  if (!differs || informative < (sparse ? 1 : LEAST_FRAMES)) return whole
  const statistics = emptyStatistics()
  for (let index = from; index < to; index++) {
    if (edges[index]) addLines(statistics, measureLines(pixelsAt(index)))
  }
  const own = choosePicture(findPicture(statistics), whole)
  const isProven = informative >= ENOUGH_FRAMES || isClean(statistics, own, sparse ? 1 : CLEAN_SHARE)
  return isProven ? own : whole
}
