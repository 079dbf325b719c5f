import { hashDistance } from './hamming.ts'
import { runAtMs } from './picture-lane.ts'
import type { PictureScene } from './picture-scene.ts'
import type { Line } from './vote-lines.ts'

/** Mean distance under which a line is exact and stays where it is. */
const EXACT_BITS = 2
/** A line must fit this many bits better, on average, before it is moved. */
const MIN_GAIN_BITS = 0.25
/** Rows over which the shift of each half tells the tilt: sixteen seconds. */
const MIN_TILT_ROWS = 64
/** Changes of the rate that are tried on any run, and the bits that one must gain. */
const TILTS = [-0.04, -0.02, -0.01, 0.01, 0.02, 0.04]
const MIN_TILT_GAIN_BITS = 1.5
/** Shorter runs tell nothing of their rate: two seconds. */
const MIN_RATE_ROWS = 8
/** Largest change of the rate in one step, as a share of it. */
const MAX_TILT = 0.02

/**
 * Moves a line by whole steps, and tilts it, to where the frames of its run are most alike. Each half of the run is
 * looked at alone; their difference is the tilt.
 */
export function refinePictureLine(
  scene: PictureScene,
  line: Line,
  { from, to }: { from: number; to: number },
): Line {
  // Lines move by the columns' steps: the rows of a stored cut lie eight of them apart.
  const stepMs = scene.columns.stepMs
  const rowMs = scene.rows.stepMs
  const middle = (from + to) >> 1
  const whole = stepsOff(scene, line, [from, to])
  if (to - from < MIN_TILT_ROWS) {
    return bestTilt(scene, { ...line, offsetMs: line.offsetMs + whole * stepMs }, { from, to })
  }
  const early = stepsOff(scene, line, [from, middle])
  const late = stepsOff(scene, line, [middle + 1, to])
  const slope = ((late - early) * stepMs) / (((to - from) / 2) * rowMs)
  const tilt = Math.min(Math.max(slope, -MAX_TILT), MAX_TILT)
  const pivotMs = ((from + to) / 2) * rowMs
  return { ...line, rate: line.rate + tilt, offsetMs: line.offsetMs + whole * stepMs - tilt * pivotMs }
}

/** The line turned about the middle of its run to where the frames are most alike. */
function bestTilt(scene: PictureScene, line: Line, { from, to }: { from: number; to: number }): Line {
  if (to - from < MIN_RATE_ROWS) return line
  const pivotMs = ((from + to) / 2) * scene.rows.stepMs
  let best = line
  let least = meanBits(scene, line, [from, to]) - MIN_TILT_GAIN_BITS
  for (const share of TILTS) {
    const tilt = share * line.rate
    const turned = { ...line, rate: line.rate + tilt, offsetMs: line.offsetMs - tilt * pivotMs }
    const bits = meanBits(scene, turned, [from, to])
    if (bits >= least) continue
    least = bits
    best = turned
  }
  return best
}

/**
 * Where between two steps a line fits best, in milliseconds to add to its offset: the mean distance one step before
 * and one step after tell the place between them, as the vertex of two equal slopes.
 */
export function fractionOf(
  scene: PictureScene,
  line: Line,
  { from, to }: { from: number; to: number },
): number {
  const stepMs = scene.columns.stepMs
  const [left, here, right] = [-1, 0, 1].map((step) =>
    meanBits(scene, { ...line, offsetMs: line.offsetMs + step * stepMs }, [from, to]),
  ) as [number, number, number]
  const steeper = Math.max(left, right) - here
  if (here < EXACT_BITS || here > left || here > right || steeper < MIN_GAIN_BITS) return 0
  return ((left - right) / (2 * steeper)) * stepMs
}

/** Steps, -2..2, to where the frames are most alike. */
export function stepsOff(scene: PictureScene, line: Line, [from, to]: readonly [number, number]): number {
  let best = 0
  let least = meanBits(scene, line, [from, to]) - MIN_GAIN_BITS
  if (least < EXACT_BITS) return 0
  for (const step of [-1, 1, -2, 2]) {
    const offsetMs = line.offsetMs + step * scene.columns.stepMs
    const bits = meanBits(scene, { ...line, offsetMs }, [from, to])
    if (bits >= least) continue
    least = bits
    best = step
  }
  return best
}

/** Mean distance over the rows at which both sides show a picture; 256 where there is none. */
export function meanBits(
  { rows, columns }: PictureScene,
  line: Line,
  [from, to]: readonly [number, number],
): number {
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
