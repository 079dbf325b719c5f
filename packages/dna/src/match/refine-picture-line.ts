import { hashDistance } from './hamming.ts'
import { runAtMs } from './picture-lane.ts'
import type { PictureScene } from './picture-scene.ts'
import type { Line } from './vote-lines.ts'

/** Mean distance under which a line is exact and stays where it is. */
const EXACT_BITS = 2
/** A line must fit this many bits better, on average, before it is moved. */
const MIN_GAIN_BITS = 0.25
/** Largest change of the rate in one step, as a share of it. */
const MAX_TILT = 0.02

/**
 * Moves a line by a fraction of a step, and tilts it, to where the frames of its run are most alike. The mean
 * distance at one step before and after tells the place between them: the vertex of the two slopes. Each half of
 * the run is looked at alone; their difference is the tilt.
 */
export function refinePictureLine(
  scene: PictureScene,
  line: Line,
  { from, to }: { from: number; to: number },
): Line {
  const stepMs = scene.query.stepMs
  const middle = (from + to) >> 1
  const whole = shiftOf(scene, line, [from, to])
  if (whole === null) return line
  if (to - from < 16) return { ...line, offsetMs: line.offsetMs + whole }
  const early = shiftOf(scene, line, [from, middle]) ?? whole
  const late = shiftOf(scene, line, [middle + 1, to]) ?? whole
  const span = ((to - from) / 2) * stepMs
  const tilt = Math.min(Math.max((late - early) / span, -MAX_TILT), MAX_TILT)
  const pivotMs = ((from + to) / 2) * stepMs
  return { ...line, rate: line.rate + tilt, offsetMs: line.offsetMs + whole - tilt * pivotMs }
}

/** Milliseconds to add to the offset, or null where the line is exact already. */
function shiftOf(scene: PictureScene, line: Line, [from, to]: readonly [number, number]): number | null {
  const stepMs = scene.ref.stepMs
  const means = [-2, -1, 0, 1, 2].map((step) =>
    meanBits(scene, { ...line, offsetMs: line.offsetMs + step * stepMs }, [from, to]),
  )
  const here = means[2] as number
  if (here < EXACT_BITS) return null
  let best = 2
  for (let i = 0; i < means.length; i++) {
    if ((means[i] as number) < (means[best] as number) - MIN_GAIN_BITS) best = i
  }
  const left = means[best - 1]
  const right = means[best + 1]
  const low = means[best] as number
  if (left === undefined || right === undefined) return (best - 2) * stepMs
  const steeper = Math.max(left - low, right - low)
  const fraction = steeper > MIN_GAIN_BITS ? (left - right) / (2 * steeper) : 0
  return (best - 2 + fraction) * stepMs
}

/** Mean distance over the rows at which both sides show a picture; 256 where there is none. */
function meanBits(
  { query, ref, mask }: PictureScene,
  line: Line,
  [from, to]: readonly [number, number],
): number {
  let sum = 0
  let rows = 0
  for (let row = from; row <= to; row++) {
    const run = query.runAt[row] as number
    const other = run < 0 ? -1 : runAtMs(ref, row * query.stepMs * line.rate + line.offsetMs)
    if (other < 0) continue
    sum += hashDistance(query.hashes, run, { b: ref.hashes, j: other, mask })
    rows++
  }
  return rows > 0 ? sum / rows : 256
}
