import type { Explained } from './explain.ts'
import type { PictureScene } from './picture-scene.ts'
import { meanBits, stepsOff } from './refine-picture-line.ts'
import { isUnusual, type Line } from './vote-lines.ts'

/** How far from the middle of a run another line is looked for: the time from one stored frame of a cut to the next. */
const REACH_MS = 2000
/** Bits by which another speed must fit better, on average, than the usual one. */
const MIN_SPEED_GAIN_BITS = 1.5
/** Rows that one line may have and the other not: one at each end. */
const LOST_ROWS = 2

/**
 * A run at another speed than 1 on rows that are few (a stored cut has a frame in 2 s): the speed stretches it over a
 * row more at each end, whatever it shows there. It goes back to speed 1 where that fits the frames between as well;
 * the columns, which are denser, tell at which moment.
 */
export function straightened(scene: PictureScene, run: Explained): Explained {
  const { line, from, to } = run
  const { rows, columns } = scene
  if (!isUnusual(line.rate)) {
    // Evidence bears a step beside the line, so the first of several lines that fit won.
    const offsetMs = line.offsetMs + stepsOff(scene, line, [from, to]) * columns.stepMs
    return { ...run, line: { ...line, offsetMs } }
  }
  if (line.rate < 0) return run
  const middleMs = ((from + to) / 2) * rows.stepMs
  const centreMs = line.offsetMs + middleMs * (line.rate - 1)
  let best: Explained | null = null
  let least = meanBits(scene, line, [from, to]) + MIN_SPEED_GAIN_BITS
  for (let offMs = -REACH_MS; offMs <= REACH_MS; offMs += columns.stepMs) {
    const straight = within(scene, { ...line, rate: 1, offsetMs: centreMs + offMs }, run)
    if (straight.to - straight.from < to - from - LOST_ROWS) continue
    const bits = meanBits(scene, straight.line, [straight.from, straight.to])
    if (bits > least) continue
    least = bits
    best = straight
  }
  return best ?? run
}

/** The rows of a run for which a line has a column. */
function within({ rows, columns }: PictureScene, line: Line, run: Explained): Explained {
  const rowAt = (ms: number) => (ms - line.offsetMs) / rows.stepMs
  const from = Math.max(run.from, Math.ceil(rowAt(0)))
  const to = Math.min(run.to, Math.ceil(rowAt(columns.durationMs)) - 1)
  return { ...run, line, from, to }
}
