import { countsAlong, type FrameEdges, type PersistentEdges } from './persistent-edges.ts'
import { areaOf, FRAME_SIDE, type Rect } from './rect.ts'

/** Maximum number of insets returned, most certain first. */
export const MAX_INSETS = 3
/** Lines tried on each axis in addition to the frame borders: the sharpest, and those with the most edge. */
const MAX_LINES = 20
const SHARPEST_LINES = 10
/**
 * Lines are ranked by the stretch with the most edge beyond this share. The side of an inset is short and dense, while
 * the texture of a still background has a little edge all along.
 */
const DENSE_SHARE = 0.5
/** Density, in pixels, beyond which a line becomes no likelier, because the side of an inset can be this short. */
const ENOUGH_DENSITY = 12
/** Lines at most this far apart count as one line. */
const NEAR_LINES = 3
/** Of insets that share more than this part of their combined area, only the most certain is returned. */
const OVERLAP_SHARE = 0.7
/**
 * An inset covers at least the first share of each side, at least the second share of one side, and at most the third
 * share of the area. A wide inset over an upright host takes up little of the height.
 */
const MIN_SIDE = 0.12
const MIN_LONGER_SIDE = 0.25
const MAX_AREA = 0.93
/** Share of a side along which its edge must be persistent: the mean of all four sides, and each of them. */
const MIN_MEAN = 0.45
const MIN_EDGE = 0.25
/** Score of a side on the frame border, lower than that of a visible edge. */
const BORDER_SHARE = 0.5

type Line = {
  readonly at: number
  readonly counts: Uint16Array | null
}

/**
 * Returns rectangles within the frames that are bounded by persistent edges or by the frame border: a
 * picture-in-picture, a wide picture over its own blurred copy, a picture with captions above and below.
 */
export function findInsets(edges: FrameEdges): Rect[] {
  const columns = linesOf(edges.columns)
  const rows = linesOf(edges.rows)
  const boxes: { box: Rect; score: number }[] = []
  for (const [left, right] of pairsOf(columns)) {
    for (const [top, bottom] of pairsOf(rows)) {
      const score = scoreOf([left, right], [top, bottom])
      const box = { left: left.at, top: top.at, right: right.at, bottom: bottom.at }
      const isWide = Math.max(box.right - box.left, box.bottom - box.top) >= MIN_LONGER_SIDE * FRAME_SIDE
      if (score > 0 && isWide && areaOf(box) <= MAX_AREA * FRAME_SIDE ** 2) boxes.push({ box, score })
    }
  }
  boxes.sort((a, b) => b.score - a.score || areaOf(b.box) - areaOf(a.box))
  const chosen: Rect[] = []
  for (const { box } of boxes) {
    if (chosen.length === MAX_INSETS) break
    if (!chosen.some((other) => isNearlySame(box, other))) chosen.push(box)
  }
  return chosen.map((box) => sharpened(box, edges))
}

/** Returns the lines with a dense stretch of persistent edge, the sharpest or longest, and the frame borders. */
function linesOf(edges: PersistentEdges): Line[] {
  const lines: (Stretch & { line: number; counts: Uint16Array })[] = []
  for (let line = 1; line + 2 < FRAME_SIDE; line++) {
    const counts = countsAlong(edges, line)
    if ((counts[FRAME_SIDE] as number) < MIN_SIDE * MIN_EDGE * FRAME_SIDE) continue
    lines.push({ line, counts, ...densestStretch(edges, { line, counts }) })
  }
  const chosen: Line[] = []
  const choose = (limit: number): void => {
    for (const { line, counts } of lines) {
      if (chosen.length === limit) break
      if (chosen.some(({ at }) => Math.abs(at - line - 1) < NEAR_LINES)) continue
      chosen.push({ at: line + 1, counts })
    }
  }
  const capped = ({ density }: Stretch): number => Math.min(density, ENOUGH_DENSITY)
  lines.sort((a, b) => capped(b) - capped(a) || b.step - a.step)
  choose(SHARPEST_LINES)
  lines.sort((a, b) => b.density - a.density || b.step - a.step)
  choose(MAX_LINES)
  return [{ at: 0, counts: null }, ...chosen, { at: FRAME_SIDE, counts: null }].sort((a, b) => a.at - b.at)
}

/** `density`: persistent edge beyond DENSE_SHARE of the length, in pixels. `step`: the mean step there, in grey levels. */
type Stretch = { readonly density: number; readonly step: number }

/** The stretch of a line with the most persistent edge. */
function densestStretch(
  { steps }: PersistentEdges,
  { line, counts }: { line: number; counts: Uint16Array },
): Stretch {
  let best = { density: 0, step: 0 }
  let density = 0
  let stepSum = 0
  let length = 0
  for (let position = 0; position < FRAME_SIDE; position++) {
    density += (counts[position + 1] as number) - (counts[position] as number) - DENSE_SHARE
    stepSum += steps[line * FRAME_SIDE + position] as number
    length++
    if (density > best.density) best = { density, step: stepSum / length }
    if (density <= 0) density = stepSum = length = 0
  }
  return best
}

function pairsOf(lines: readonly Line[]): [Line, Line][] {
  const pairs: [Line, Line][] = []
  for (const [i, first] of lines.entries()) {
    for (const second of lines.slice(i + 1)) {
      if (second.at - first.at >= MIN_SIDE * FRAME_SIDE) pairs.push([first, second])
    }
  }
  return pairs
}

/** Sum of the shares of persistent edge on the four sides; 0 if a side within the frame has too little. */
function scoreOf([left, right]: readonly [Line, Line], [top, bottom]: readonly [Line, Line]): number {
  let visible = 0
  let sum = 0
  const isBounded = (line: Line, from: number, to: number): boolean => {
    if (!line.counts) return true
    const share = ((line.counts[to] as number) - (line.counts[from] as number)) / (to - from)
    visible++
    sum += share
    return share >= MIN_EDGE
  }
  const areBounded =
    isBounded(left, top.at, bottom.at) &&
    isBounded(right, top.at, bottom.at) &&
    isBounded(top, left.at, right.at) &&
    isBounded(bottom, left.at, right.at)
  if (!areBounded || visible === 0) return 0
  return sum >= MIN_MEAN * visible ? sum + BORDER_SHARE * (4 - visible) : 0
}

/** Whether two rectangles cover nearly the same area. Variants of one must not crowd out another. */
function isNearlySame(a: Rect, b: Rect): boolean {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  if (width <= 0 || height <= 0) return false
  const common = width * height
  return common > OVERLAP_SHARE * (areaOf(a) + areaOf(b) - common)
}

/** Moves each side to the position of its edge between pixels, because half a line costs eight bits of a hash. */
function sharpened(box: Rect, { columns, rows }: { columns: PersistentEdges; rows: PersistentEdges }): Rect {
  const column = (at: number) => edgeAt(columns, at, [box.top, box.bottom])
  const row = (at: number) => edgeAt(rows, at, [box.left, box.right])
  return { left: column(box.left), right: column(box.right), top: row(box.top), bottom: row(box.bottom) }
}

/** Centre of the steps across a side, above the level of the steps around it. */
function edgeAt({ steps }: PersistentEdges, at: number, [from, to]: readonly [number, number]): number {
  if (at === 0 || at === FRAME_SIDE) return at
  const mean = (line: number) => {
    let sum = 0
    for (let position = from; position < to; position++) sum += steps[line * FRAME_SIDE + position] ?? 0
    return sum / (to - from)
  }
  const around = Math.min(mean(at - 4), mean(at + 2))
  let weights = 0
  let sum = 0
  for (let line = at - 3; line <= at + 1; line++) {
    const weight = Math.max(0, mean(line) - around) ** 2
    weights += weight
    sum += weight * (line + 1)
  }
  return weights > 0 ? sum / weights : at
}
