import { countsAlong, type LastingEdges, lastingEdges } from './lasting-edges.ts'
import { FRAME_SIDE, type Window } from './resample.ts'

/** Rectangles that are given at most, the surest first. */
export const MAX_RECTANGLES = 3
/** Lines of each axis that are tried, besides the borders of the frame. */
const MAX_LINES = 16
/**
 * Lines are compared by the stretch of them with most edge beyond this share: the side of an inset is short and dense,
 * while the texture of a still background has a little edge all along.
 */
const DENSE_SHARE = 0.5
/** Two lines this near are one. */
const NEAR_LINES = 3
/** A rectangle has at least this share of each side, and not more than this of the whole area. */
const LEAST_SIDE = 0.25
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
      if (score > 0 && areaOf(box) <= MOST_AREA * FRAME_SIDE ** 2) boxes.push({ box, score })
    }
  }
  boxes.sort((a, b) => b.score - a.score || areaOf(b.box) - areaOf(a.box))
  const chosen: Window[] = []
  for (const { box } of boxes) {
    if (chosen.length === MAX_RECTANGLES) break
    if (!chosen.some((other) => isNear(box, other))) chosen.push(box)
  }
  return chosen.map((box) => sharpened(box, edges))
}

/** The lines with the densest stretch of lasting edge on them, and the borders of the frame. */
function linesOf(edges: LastingEdges): Line[] {
  const lines: { line: number; counts: Uint16Array; density: number }[] = []
  for (let line = 1; line + 2 < FRAME_SIDE; line++) {
    const counts = countsAlong(edges, line)
    if ((counts[FRAME_SIDE] as number) < LEAST_SIDE * LEAST_EDGE * FRAME_SIDE) continue
    lines.push({ line, counts, density: densityOf(counts) })
  }
  lines.sort((a, b) => b.density - a.density || stepSum(edges, b.line) - stepSum(edges, a.line))
  const chosen: Line[] = []
  for (const { line, counts } of lines) {
    if (chosen.length === MAX_LINES) break
    if (chosen.some(({ at }) => Math.abs(at - line - 1) < NEAR_LINES)) continue
    chosen.push({ at: line + 1, counts })
  }
  return [{ at: 0, counts: null }, ...chosen, { at: FRAME_SIDE, counts: null }].sort((a, b) => a.at - b.at)
}

/** The most that a stretch of a line has of lasting edge beyond DENSE_SHARE of its length. */
function densityOf(counts: Uint16Array): number {
  let most = 0
  let sum = 0
  for (let place = 0; place < FRAME_SIDE; place++) {
    const found = (counts[place + 1] as number) - (counts[place] as number)
    sum = Math.max(0, sum + found - DENSE_SHARE)
    most = Math.max(most, sum)
  }
  return most
}

function stepSum({ steps }: LastingEdges, line: number): number {
  let sum = 0
  for (const step of steps.subarray(line * FRAME_SIDE, (line + 1) * FRAME_SIDE)) sum += step
  return sum
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
function scoreOf(columns: readonly [Line, Line], rows: readonly [Line, Line]): number {
  const shares = [
    ...columns.map((column) => shareOf(column, rows[0].at, rows[1].at)),
    ...rows.map((row) => shareOf(row, columns[0].at, columns[1].at)),
  ].filter((share) => share !== null)
  if (shares.length === 0 || Math.min(...shares) < LEAST_EDGE) return 0
  const sum = shares.reduce((all, share) => all + share, 0)
  return sum >= LEAST_MEAN * shares.length ? sum + BORDER_SHARE * (4 - shares.length) : 0
}

function shareOf({ counts }: Line, from: number, to: number): number | null {
  return counts && ((counts[to] as number) - (counts[from] as number)) / (to - from)
}

function areaOf({ left, top, right, bottom }: Window): number {
  return (right - left) * (bottom - top)
}

function isNear(a: Window, b: Window): boolean {
  const sides = [a.left - b.left, a.top - b.top, a.right - b.right, a.bottom - b.bottom]
  return sides.every((gap) => Math.abs(gap) <= NEAR_LINES)
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
