import { hashDistance } from '../../hash/hamming.ts'
import type { Alignment } from '../lines/find-alignments.ts'
import { maxSumInterval } from '../lines/max-sum-interval.ts'
import type { FrameTimeline } from './frame-timeline.ts'
import {
  type Offset,
  SAME_POSITION,
  type Significance,
  type SignificanceLimits,
  significanceOf,
} from './offset-significance.ts'

/** Time over which changes are measured. */
const LAG_MS = 1000
/** Stretches of the query that are correlated: all of a query up to 1.5 times this length, else overlapping windows. */
const WINDOW_ROWS = 48
/** An offset is judged from this many common samples and this share of the window. */
const MIN_ROWS = 12
const MIN_SHARE = 0.25
/** Limits work: of a query of 60 s, two windows are compared with 15 minutes, and all with 2 minutes. */
const MAX_STEPS = 500_000

/**
 * Finds the offset at which two tracks change alike, moment by moment, although their pictures are too different or too
 * uniform for single frames to match. Null if no offset stands out from all the others. Only at one speed, `rate`.
 *
 * For frames q, q' of the query and r, r' of the reference, a second apart, the dot product of both changes (+1 and -1
 * for bits that rise and fall) is (d(q', r) + d(q, r') - d(q', r') - d(q, r)) / 2, with Hamming distances d. Unrelated
 * changes cancel out, so its sum along an offset is a matched filter (cross-correlation).
 */
export function correlateMotion(
  rows: FrameTimeline,
  columns: FrameTimeline,
  { rate = 1, limits = SAME_POSITION }: MotionOptions = {},
): Alignment | null {
  // The columns must be as close together as the rows, or closer.
  if (rows.stepMs * rate < 0.9 * columns.stepMs) return null
  const tracks = { rows, columns, columnOf: columnsOf(rows, (rate * rows.stepMs) / columns.stepMs) }
  let best: (Significance & { readonly window: Window }) | null = null
  for (const window of windowsOf(rows, columns)) {
    const found = significanceOf(offsetsOf(window, tracks), limits)
    if (found && found.evidence > (best?.evidence ?? 0)) best = { ...found, window }
  }
  const interval = best && intervalOn(best, tracks, best.window)
  if (!best || !interval) return null
  const { evidence, offset } = best
  const line = { rate, offsetMs: offset * columns.stepMs, votes: 0 }
  return { line, ...interval, evidence, meanEvidence: evidence / (interval.to - interval.from + 1) }
}

export type MotionOptions = {
  /** Milliseconds of the columns that one of the rows shows. Default: 1. */
  readonly rate?: number
  /** Default: those for pictures at the same position. */
  readonly limits?: SignificanceLimits
}

type Tracks = {
  readonly rows: FrameTimeline
  readonly columns: FrameTimeline
  /** The column of each row, and one for the end of the last row, if both tracks start at the same time. */
  readonly columnOf: Int32Array
}

function columnsOf({ runAt }: FrameTimeline, columnsPerRow: number): Int32Array {
  return Int32Array.from({ length: runAt.length + 1 }, (_, row) => Math.round(columnsPerRow * row))
}

/** Rows `from` (inclusive) to `end` (exclusive). */
type Window = { readonly from: number; readonly end: number }

function windowsOf({ runAt }: FrameTimeline, columns: FrameTimeline): Window[] {
  const length = runAt.length
  if (length <= 1.5 * WINDOW_ROWS) return [{ from: 0, end: length }]
  const all: Window[] = []
  for (let from = 0; from + WINDOW_ROWS / 2 < length; from += WINDOW_ROWS / 2)
    all.push({ from, end: Math.min(length, from + WINDOW_ROWS) })
  const limit = Math.max(1, Math.floor(MAX_STEPS / (WINDOW_ROWS * (columns.runAt.length + WINDOW_ROWS))))
  const stride = Math.max(1, all.length / limit)
  return all.filter((_, i) => Math.floor(i / stride) > Math.floor((i - 1) / stride))
}

/**
 * Distances in bits (at most 255) between the pictures of a window, one line each, and all those of the columns; -1 as
 * the start of a line stands for a blank picture.
 */
function distancesOf({ from, end }: Window, rows: FrameTimeline, columns: FrameTimeline) {
  const lineOf = new Map<number, number>()
  for (const run of rows.runAt.subarray(from, end))
    if (run >= 0 && !lineOf.has(run)) lineOf.set(run, lineOf.size * columns.runs)
  const bits = new Uint8Array(lineOf.size * columns.runs)
  for (const [run, line] of lineOf) {
    for (let column = 0; column < columns.runs; column++)
      bits[line + column] = Math.min(255, hashDistance(rows.hashes, run, { b: columns.hashes, j: column }))
  }
  return { bits, lines: Int32Array.from(rows.runAt.subarray(from, end), (run) => lineOf.get(run) ?? -1) }
}

/** Motion and distance summed over a window, at each offset of the reference relative to the query, in columns. */
function offsetsOf(window: Window, { rows, columns, columnOf }: Tracks): Offset[] {
  const { from, end } = window
  const { bits, lines } = distancesOf(window, rows, columns)
  const lag = Math.max(1, Math.round(LAG_MS / rows.stepMs))
  const needed = Math.max(MIN_ROWS, MIN_SHARE * (end - from))
  const runAt = (row: number, offset: number): number => {
    const column = (columnOf[row] as number) + offset
    return column >= 0 && column < columns.runAt.length ? (columns.runAt[column] as number) : -1
  }
  const firstOffset = -(columnOf[end - MIN_ROWS] ?? 0)
  const lastOffset = columns.runAt.length - (columnOf[from + MIN_ROWS] ?? 0)
  const offsets: Offset[] = []
  for (let offset = firstOffset; offset <= lastOffset; offset++) {
    let [motion, changes, distance, samples] = [0, 0, 0, 0]
    for (let row = from; row < end; row++) {
      const here = lines[row - from] as number
      const there = runAt(row, offset)
      if (here < 0 || there < 0) continue
      const apart = bits[here + there] as number
      distance += apart
      samples++
      if (row + lag >= end) continue
      const hereLater = lines[row + lag - from] as number
      const thereLater = runAt(row + lag, offset)
      if (hereLater < 0 || thereLater < 0) continue
      const crossed = (bits[hereLater + there] as number) + (bits[here + thereLater] as number)
      motion += (crossed - (bits[hereLater + thereLater] as number) - apart) / 2
      changes++
    }
    if (samples < needed || changes === 0) continue
    offsets.push({ offset, motion, changes, distance: distance / samples, share: samples / (end - from) })
  }
  return offsets
}

/**
 * The rows over which the pictures on an offset are nearer than those on other offsets by at least half as much as in
 * the window, which they meet; null if there are none.
 */
function intervalOn(
  { offset, gain, usual }: Significance,
  { rows, columns, columnOf }: Tracks,
  window: Window,
): { from: number; to: number } | null {
  const values = Float64Array.from(rows.runAt, (run, row) => {
    const other = columns.runAt[(columnOf[row] as number) + offset]
    if (other === undefined) return Number.NEGATIVE_INFINITY
    if (run < 0 || other < 0) return 0
    return usual - gain / 2 - hashDistance(rows.hashes, run, { b: columns.hashes, j: other })
  })
  const interval = maxSumInterval(values)
  if (!interval || interval.from >= window.end || interval.to < window.from) return null
  return { from: interval.from, to: interval.to }
}
