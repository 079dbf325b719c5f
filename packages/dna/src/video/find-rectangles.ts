import { countsAlong, type LastingEdges, lastingEdges } from './lasting-edges.ts'
import { FRAME_SIDE, type Window } from './resample.ts'

/** Rectangles that are given at most, the surest first. */
export const MAX_RECTANGLES = 3
/** Lines of each axis that are tried, besides the borders of the frame: the sharpest, and those with most edge. */
const MAX_LINES = 20
const SHARPEST_LINES = 10
/**
 * Lines are compared by the stretch of them with most edge beyond this share: the side of an inset is short and dense,
 * while the texture of a still background has a little edge all along.
 */
const DENSE_SHARE = 0.5
/** From so much on, in pixels, more of it makes no line more likely: that is how short the side of an inset may be. */
const ENOUGH_DENSITY = 12
/** Two lines this near are one. */
const NEAR_LINES = 3
/** Of rectangles that have more than this share of what they cover together in common, only the surest is given. */
const COMMON_SHARE = 0.7
/**
 * A rectangle has at least this share of each side, the greater of its two shares at least that, and not more than this
 * of the whole area. A wide inset before an upright host takes little of the height.
 */
const LEAST_SIDE = 0.12
const LEAST_GREATER_SIDE = 0.25
const MOST_AREA = 0.93
/** Share of a side along which an edge must last: of all four on average, and of each. */
const LEAST_MEAN = 0.45
const LEAST_EDGE = 0.25
/** What a side on the border of the frame counts: less than an edge that is seen. */
const BORDER_SHARE = 0.5

type Line = {
  readonly at: number
  readonly counts: Uint16Array | null
}

/**
 * Rectangles within the frame that are bounded by edges which last over time, or by the border of the frame: an inset
 * picture, a wide picture before its own blurred copy, a picture with captions above and below.
 */
export function findRectangles(frames: readonly Uint8Array[]): Window[] {
  if (frames.length === 0) return []
  const edges = lastingEdges(frames)
  const columns = linesOf(edges.columns)
  const rows = linesOf(edges.rows)
  const boxes: { box: Window; score: number }[] = []
  for (const [left, right] of pairsOf(columns)) {
    for (const [top, bottom] of pairsOf(rows)) {
      const score = scoreOf([left, right], [top, bottom])
      const box = { left: left.at, top: top.at, right: right.at, bottom: bottom.at }
      const isWide = Math.max(box.right - box.left, box.bottom - box.top) >= LEAST_GREATER_SIDE * FRAME_SIDE
      if (score > 0 && isWide && areaOf(box) <= MOST_AREA * FRAME_SIDE ** 2) boxes.push({ box, score })
    }
  }
  boxes.sort((a, b) => b.score - a.score || areaOf(b.box) - areaOf(a.box))
  const chosen: Window[] = []
  for (const { box } of boxes) {
    if (chosen.length === MAX_RECTANGLES) break
    if (!chosen.some((other) => isMuchAlike(box, other))) chosen.push(box)
  }
  return chosen.map((box) => sharpened(box, edges))
}

/** The lines with a dense stretch of lasting edge on them, the sharpest or longest, and the borders of the frame. */
function linesOf(edges: LastingEdges): Line[] {
  const lines: (Stretch & { line: number; counts: Uint16Array })[] = []
  for (let line = 1; line + 2 < FRAME_SIDE; line++) {
    const counts = countsAlong(edges, line)
    if ((counts[FRAME_SIDE] as number) < LEAST_SIDE * LEAST_EDGE * FRAME_SIDE) continue
    lines.push({ line, counts, ...densestStretch(edges, { line, counts }) })
  }
  const chosen: Line[] = []
  const choose = (most: number): void => {
    for (const { line, counts } of lines) {
      if (chosen.length === most) break
      if (chosen.some(({ at }) => Math.abs(at - line - 1) < NEAR_LINES)) continue
      chosen.push({ at: line + 1, counts })
    }
  }
  const enough = ({ density }: Stretch): number => Math.min(density, ENOUGH_DENSITY)
  lines.sort((a, b) => enough(b) - enough(a) || b.step - a.step)
  choose(SHARPEST_LINES)
  lines.sort((a, b) => b.density - a.density || b.step - a.step)
  choose(MAX_LINES)
  return [{ at: 0, counts: null }, ...chosen, { at: FRAME_SIDE, counts: null }].sort((a, b) => a.at - b.at)
}

/** `density`: lasting edge beyond DENSE_SHARE of the length, in pixels. `step`: the mean step there, in grey levels. */
type Stretch = { readonly density: number; readonly step: number }

/** The stretch of a line with most lasting edge. */
function densestStretch(
  { steps }: LastingEdges,
  { line, counts }: { line: number; counts: Uint16Array },
): Stretch {
  let most = { density: 0, step: 0 }
  let density = 0
  let stepSum = 0
  let length = 0
  for (let place = 0; place < FRAME_SIDE; place++) {
    density += (counts[place + 1] as number) - (counts[place] as number) - DENSE_SHARE
    stepSum += steps[line * FRAME_SIDE + place] as number
    length++
    if (density > most.density) most = { density, step: stepSum / length }
    if (density <= 0) density = stepSum = length = 0
  }
  return most
}

function pairsOf(lines: readonly Line[]): [Line, Line][] {
  const pairs: [Line, Line][] = []
  for (const [i, first] of lines.entries()) {
    for (const second of lines.slice(i + 1)) {
      if (second.at - first.at >= LEAST_SIDE * FRAME_SIDE) pairs.push([first, second])
    }
  }
  return pairs
}

/** Shares of lasting edge on the four sides; 0 where those that are not the frame's own have too little. */
function scoreOf([left, right]: readonly [Line, Line], [top, bottom]: readonly [Line, Line]): number {
  let seen = 0
  let sum = 0
  const isBounded = (line: Line, from: number, to: number): boolean => {
    if (!line.counts) return true
    const share = ((line.counts[to] as number) - (line.counts[from] as number)) / (to - from)
    seen++
    sum += share
    return share >= LEAST_EDGE
  }
  const areBounded =
    isBounded(left, top.at, bottom.at) &&
    isBounded(right, top.at, bottom.at) &&
    isBounded(top, left.at, right.at) &&
    isBounded(bottom, left.at, right.at)
  if (!areBounded || seen === 0) return 0
  return sum >= LEAST_MEAN * seen ? sum + BORDER_SHARE * (4 - seen) : 0
}

function areaOf({ left, top, right, bottom }: Window): number {
  return (right - left) * (bottom - top)
}

/** Whether two rectangles cover nearly the same: variants of one would leave no room for another. */
function isMuchAlike(a: Window, b: Window): boolean {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left)
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  if (width <= 0 || height <= 0) return false
  const common = width * height
  return common > COMMON_SHARE * (areaOf(a) + areaOf(b) - common)
}

/** The sides moved to where between two pixels their edge lies: half a line costs eight bits. */
function sharpened(box: Window, { columns, rows }: { columns: LastingEdges; rows: LastingEdges }): Window {
  const column = (at: number) => edgeAt(columns, at, [box.top, box.bottom])
  const row = (at: number) => edgeAt(rows, at, [box.left, box.right])
  return { left: column(box.left), right: column(box.right), top: row(box.top), bottom: row(box.bottom) }
}

/** The centre of the steps across a side, beyond what steps there are around it. */
function edgeAt({ steps }: LastingEdges, at: number, [from, to]: readonly [number, number]): number {
  if (at === 0 || at === FRAME_SIDE) return at
  const mean = (line: number) => {
    let sum = 0
    for (let place = from; place < to; place++) sum += steps[line * FRAME_SIDE + place] ?? 0
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
