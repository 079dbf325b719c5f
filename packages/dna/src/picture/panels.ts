import type { FrameEdges, PersistentEdges } from './persistent-edges.ts'
import { areaOf, FRAME_SIDE, type Rect, WHOLE_FRAME } from './rect.ts'

/**
 * Maximum number of panels returned, and of middles of panels. A grid of four and a picture between bars in each cell
 * have fourteen.
 */
export const MAX_PANELS = 14
export const MAX_MIDDLES = 6
/** A panel has at least this many pixels of 192 on each side. */
const MIN_SIDE = 28
/** A cut keeps this distance, in pixels, from the sides of the panel that it divides. */
const MIN_DISTANCE = 4
/** Share of the length of a cut along which the picture must change abruptly. */
const MIN_SHARE = 0.5
/** An abrupt change: a mean step of this many grey levels, and this factor above the steps beside it. */
const MIN_STEP = 4
const STEP_FACTOR = 1.5
/** Distance, in lines, of the steps beside it: a border between two pixels affects the steps on both sides of it. */
const BESIDE = 3
/** Panels that share more than this part of their combined area count as one. */
const SAME_SHARE = 0.9

type Axis = keyof FrameEdges
/** Number of abrupt changes before each position, for each line: FRAME_SIDE times FRAME_SIDE + 1 counts. */
type Counts = { readonly [axis in Axis]: Uint16Array }
type Cut = { readonly axis: Axis; readonly line: number; readonly share: number }

/**
 * Returns the panels of a split screen, a grid or a framed picture, with and without the bars inside them: the frame is
 * cut from side to side where the picture changes abruptly at the same line over time, and each part is cut again. The
 * clearest cut comes first. Source: the recursive X-Y cut of document pages (Nagy and Seth, ICPR 1984).
 */
export function findPanels(edges: FrameEdges): Rect[] {
  const counts = { columns: countChanges(edges.columns), rows: countChanges(edges.rows) }
  const panels: Rect[] = []
  const middles: Rect[] = []
  const open = [withCut(WHOLE_FRAME, counts)]
  while (panels.length < MAX_PANELS) {
    open.sort((a, b) => (b.cut?.share ?? 0) - (a.cut?.share ?? 0))
    const { rect, cut } = open.shift() ?? {}
    if (!rect || !cut) break
    const at = centreOf(edges[cut.axis], cut.line, spanOf(rect, cut.axis))
    const [first, second] = partsOf(rect, cut.axis, at)
    const isThrough = shareOf(WHOLE_FRAME, cut, counts) >= MIN_SHARE
    const ofFrame = isThrough ? partsOf(WHOLE_FRAME, cut.axis, at) : []
    middles.push(symmetricPart(rect, cut.axis, at))
    for (const part of [first, second, ...ofFrame].filter(isLarge)) {
      if (panels.some((panel) => isSamePanel(panel, part))) continue
      panels.push(part)
      open.push(withCut(part, counts))
    }
  }
  const others = middles.filter((part) => isLarge(part) && !panels.some((panel) => isSamePanel(panel, part)))
  return [...panels.slice(0, MAX_PANELS), ...others.slice(0, MAX_MIDDLES)]
}

/** Whether two rectangles cover nearly the same area. */
function isSamePanel(a: Rect, b: Rect): boolean {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  if (width <= 0 || height <= 0) return false
  const common = width * height
  return common > SAME_SHARE * (areaOf(a) + areaOf(b) - common)
}

function countChanges({ steps }: PersistentEdges): Uint16Array {
  const counts = new Uint16Array(FRAME_SIDE * (FRAME_SIDE + 1))
  const stepAt = (line: number, position: number) => steps[line * FRAME_SIDE + position] ?? 0
  for (let line = BESIDE; line + BESIDE + 1 < FRAME_SIDE; line++) {
    let count = 0
    for (let position = 0; position < FRAME_SIDE; position++) {
      const here = Math.max(stepAt(line - 1, position), stepAt(line, position), stepAt(line + 1, position))
      const beside = Math.max(stepAt(line - BESIDE, position), stepAt(line + BESIDE, position))
      if (here >= MIN_STEP && here >= STEP_FACTOR * beside) count++
      counts[line * (FRAME_SIDE + 1) + position + 1] = count
    }
  }
  return counts
}

function withCut(rect: Rect, counts: Counts): { rect: Rect; cut: Cut | null } {
  let cut: Cut | null = null
  for (const axis of ['columns', 'rows'] as const) {
    const { first, last } = spanOf(rect, axis)
    for (let line = Math.ceil(first) + MIN_DISTANCE; line < Math.floor(last) - MIN_DISTANCE; line++) {
      const share = shareOf(rect, { axis, line }, counts)
      if (share >= MIN_SHARE && share > (cut?.share ?? 0)) cut = { axis, line, share }
    }
  }
  return { rect, cut }
}

/** Share of the length of a cut through a rectangle along which the picture changes abruptly. */
function shareOf(rect: Rect, { axis, line }: Pick<Cut, 'axis' | 'line'>, counts: Counts): number {
  const { from, to } = spanOf(rect, axis)
  const at = line * (FRAME_SIDE + 1)
  return ((counts[axis][at + to] as number) - (counts[axis][at + from] as number)) / (to - from)
}

/** The lines across an axis that a rectangle spans, and the positions along them, without the ends. */
function spanOf({ left, top, right, bottom }: Rect, axis: Axis) {
  const [first, last, start, end] =
    axis === 'columns' ? [left, right, top, bottom] : [top, bottom, left, right]
  return { first, last, from: Math.round(start) + 2, to: Math.round(end) - 2 }
}

function partsOf(rect: Rect, axis: Axis, at: number): [Rect, Rect] {
  return axis === 'columns'
    ? [
        { ...rect, right: at },
        { ...rect, left: at },
      ]
    : [
        { ...rect, bottom: at },
        { ...rect, top: at },
      ]
}

/**
 * The middle of a rectangle, with equal margins on both sides of an axis: one of them is cut, the other may be invisible
 * against a dark picture, or disturbed by captions.
 */
function symmetricPart(rect: Rect, axis: Axis, at: number): Rect {
  const { first, last } = spanOf(rect, axis)
  const margin = Math.min(at - first, last - at)
  return axis === 'columns'
    ? { ...rect, left: first + margin, right: last - margin }
    : { ...rect, top: first + margin, bottom: last - margin }
}

function isLarge({ left, top, right, bottom }: Rect): boolean {
  return Math.min(right - left, bottom - top) >= MIN_SIDE
}

/** The centre of the steps across a cut, because half a line costs eight bits of a hash. */
function centreOf(
  { steps }: PersistentEdges,
  line: number,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const mean = (at: number) => {
    let sum = 0
    for (let position = from; position < to; position++) sum += steps[at * FRAME_SIDE + position] ?? 0
    return sum / (to - from)
  }
  const around = Math.min(mean(line - BESIDE), mean(line + BESIDE))
  let weights = 0
  let sum = 0
  for (let at = line - 2; at <= line + 2; at++) {
    const weight = Math.max(0, mean(at) - around) ** 2
    weights += weight
    sum += weight * (at + 1)
  }
  return weights > 0 ? sum / weights : line + 1
}
