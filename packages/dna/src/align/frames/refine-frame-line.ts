import { hashDistance } from '../../hash/hamming.ts'
import type { Line } from '../lines/hough-peaks.ts'
import type { FramePairing } from './frame-pairing.ts'
import { isSparse, rowsPerFrame, runAtMs } from './frame-timeline.ts'

/** A line with a smaller mean distance is exact and is left unchanged. */
const EXACT_BITS = 2
/** Mean improvement, in bits, that is required to move a line. */
const MIN_GAIN_BITS = 0.25
/** Number of rows (16 s of them) from which the shift of each half gives the tilt. */
const MIN_TILT_ROWS = 64
/** Rate changes tried on shorter intervals, and the gain in bits that each must bring. */
const TILTS = [-0.04, -0.02, -0.01, 0.01, 0.02, 0.04]
const MIN_TILT_GAIN_BITS = 1.5
/** Intervals shorter than this (2 s) do not reveal their rate. */
const MIN_RATE_ROWS = 8
/** Largest rate change in one step, as a share of the rate. */
const MAX_TILT = 0.02

/** First and last row of an interval, both inclusive. */
type Rows = readonly [from: number, to: number]

/**
 * Moves a line by whole steps, and tilts it, to where the frames of an interval match best. Both halves of the interval
 * are shifted separately; their difference is the tilt.
 */
export function refineFrameLine(
  pairing: FramePairing,
  line: Line,
  { from, to }: { from: number; to: number },
): Line {
  // Lines move by steps of the columns: the rows of a stored crop are eight of them apart.
  const stepMs = pairing.columns.stepMs
  const rowMs = pairing.rows.stepMs
  const middle = (from + to) >> 1
  const whole = stepsOff(pairing, line, [from, to])
  if (to - from < MIN_TILT_ROWS || isSparse(pairing.rows)) {
    return bestTilt(pairing, { ...line, offsetMs: line.offsetMs + whole * stepMs }, [from, to])
  }
  const early = stepsOff(pairing, line, [from, middle])
  const late = stepsOff(pairing, line, [middle + 1, to])
  const slope = ((late - early) * stepMs) / (((to - from) / 2) * rowMs)
  const tilt = Math.min(Math.max(slope, -MAX_TILT), MAX_TILT)
  const pivotMs = ((from + to) / 2) * rowMs
  return { ...line, rate: line.rate + tilt, offsetMs: line.offsetMs + whole * stepMs - tilt * pivotMs }
}

/** The line rotated about the middle of its interval to where the frames match best. */
function bestTilt(pairing: FramePairing, line: Line, [from, to]: Rows): Line {
  if (to - from < MIN_RATE_ROWS * rowsPerFrame(pairing.rows)) return line
  const pivotMs = ((from + to) / 2) * pairing.rows.stepMs
  let best = line
  let least = meanBits(pairing, line, [from, to]) - MIN_TILT_GAIN_BITS
  for (const share of TILTS) {
    const tilt = share * line.rate
    const tilted = { ...line, rate: line.rate + tilt, offsetMs: line.offsetMs - tilt * pivotMs }
    const bits = meanBits(pairing, tilted, [from, to])
    if (bits >= least) continue
    least = bits
    best = tilted
  }
  return best
}

/**
 * Position between two steps at which a line fits best, in milliseconds to add to its offset. It is the vertex of two
 * equal slopes through the mean distances one step before and one step after.
 */
export function fractionOf(
  pairing: FramePairing,
  line: Line,
  { from, to }: { from: number; to: number },
): number {
  const stepMs = pairing.columns.stepMs
  const [left, here, right] = [-1, 0, 1].map((step) =>
    meanBits(pairing, { ...line, offsetMs: line.offsetMs + step * stepMs }, [from, to]),
  ) as [number, number, number]
  const steeper = Math.max(left, right) - here
  if (here < EXACT_BITS || here > left || here > right || steeper < MIN_GAIN_BITS) return 0
  return ((left - right) / (2 * steeper)) * stepMs
}

/** Offset, in steps of the columns from -2 to 2, at which the frames match best. */
export function stepsOff(pairing: FramePairing, line: Line, [from, to]: Rows): number {
  let best = 0
  let least = meanBits(pairing, line, [from, to]) - MIN_GAIN_BITS
  if (least < EXACT_BITS) return 0
  for (const step of [-1, 1, -2, 2]) {
    const offsetMs = line.offsetMs + step * pairing.columns.stepMs
    const bits = meanBits(pairing, { ...line, offsetMs }, [from, to])
    if (bits >= least) continue
    least = bits
    best = step
  }
  return best
}

/** Mean distance, in bits, over the rows at which both sides show a picture; 256 if there are none. */
export function meanBits({ rows, columns }: FramePairing, line: Line, [from, to]: Rows): number {
  let sum = 0
  let count = 0
  for (let row = from; row <= to; row++) {
    const run = rows.runAt[row] as number
    const other = run < 0 ? -1 : runAtMs(columns, row * rows.stepMs * line.rate + line.offsetMs)
    if (other < 0) continue
    sum += hashDistance(rows.hashes, run, { b: columns.hashes, j: other })
    count++
  }
  return count > 0 ? sum / count : 256
}
