import type { Alignment } from '../lines/find-alignments.ts'
import { isOtherSpeed, type Line } from '../lines/hough-peaks.ts'
import type { FramePairing } from './frame-pairing.ts'
import { rowsPerFrame } from './frame-timeline.ts'
import { meanBits, stepsOff } from './refine-frame-line.ts'

/** How far from the middle of an alignment lines are tried: the time between stored frames of a crop. */
const REACH_MS = 2000
/** Mean gain, in bits, by which another speed must fit better than normal speed. */
const MIN_SPEED_GAIN_BITS = 1.5
/** Number of rows that the line at normal speed may lose: one at each end. */
const LOST_ROWS = 2

/**
 * Corrects the speed of an alignment with sparse rows (a stored crop has a frame every 2 s). Another speed can stretch
 * it over one more row at each end, even if that row shows something different. The speed returns to 1 if that fits the
 * rows between equally well. The denser columns give the exact time.
 */
export function snapToNormalSpeed(pairing: FramePairing, alignment: Alignment): Alignment {
  const { line, from, to } = alignment
  const { rows, columns } = pairing
  if (!isOtherSpeed(line.rate)) {
    // Evidence tolerates one step to either side, so the first of several fitting lines won.
    const offsetMs = line.offsetMs + stepsOff(pairing, line, [from, to]) * columns.stepMs
    return { ...alignment, line: { ...line, offsetMs } }
  }
  if (line.rate < 0) return alignment
  const middleMs = ((from + to) / 2) * rows.stepMs
  const centreMs = line.offsetMs + middleMs * (line.rate - 1)
  let best: Alignment | null = null
  let least = meanBits(pairing, line, [from, to]) + MIN_SPEED_GAIN_BITS
  for (let offMs = -REACH_MS; offMs <= REACH_MS; offMs += columns.stepMs) {
    const normal = onLine(pairing, { ...line, rate: 1, offsetMs: centreMs + offMs }, alignment)
    if (normal.to - normal.from < to - from - LOST_ROWS * rowsPerFrame(rows)) continue
    const bits = meanBits(pairing, normal.line, [normal.from, normal.to])
    if (bits > least) continue
    least = bits
    best = normal
  }
  return best ?? alignment
}

/** Moves an alignment to another line, dropping rows for which that line has no column. */
function onLine({ rows, columns }: FramePairing, line: Line, alignment: Alignment): Alignment {
  const rowAt = (ms: number) => (ms - line.offsetMs) / rows.stepMs
  const from = Math.max(alignment.from, Math.ceil(rowAt(0)))
  const to = Math.min(alignment.to, Math.ceil(rowAt(columns.durationMs)) - 1)
  return { ...alignment, line, from, to }
}
