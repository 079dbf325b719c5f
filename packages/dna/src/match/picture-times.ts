import type { Explained } from './explain.ts'
import { runAtMs } from './picture-lane.ts'
import type { PictureScene } from './picture-scene.ts'
import { fractionOf } from './refine-picture-line.ts'
import { endWithin, startWithin } from './track-line.ts'

/** Where a run lies in both tracks, in milliseconds. */
export type Stretch = {
  readonly rowStartMs: number
  readonly rowEndMs: number
  readonly columnStartMs: number
  readonly columnEndMs: number
  readonly rate: number
}

/**
 * Boundaries of a run. A cut lies somewhere within the step before the first matching sample, so half a step is
 * the best guess, but at the ends of a video it is the end itself; blank pictures on both sides belong to the
 * passage that they border on.
 */
export function stretchOf(scene: PictureScene, run: Explained): Stretch {
  const { rows, columns } = scene
  const { rate } = run.line
  const offsetMs = run.line.offsetMs + fractionOf(scene, run.line, run)
  const columnMs = (rowMs: number) => rowMs * rate + offsetMs
  const { first, last } = throughBlank(scene, run)
  const half = rows.stepMs / 2
  let startMs = first === 0 ? 0 : first * rows.stepMs - half
  let endMs = last === rows.runAt.length - 1 ? rows.durationMs : last * rows.stepMs + half
  if (rate > 0) {
    // Where either video begins or ends within a step of the boundary, that is the boundary. Sparse rows are moved by
    // up to a step of the columns first.
    const reachMs = rows.stepMs > columns.stepMs ? rows.stepMs + columns.stepMs : rows.stepMs
    const lead = Math.min(startMs, columnMs(startMs) / rate)
    if (lead > 0 && lead <= reachMs) startMs -= lead
    const tail = Math.min(rows.durationMs - endMs, (columns.durationMs - columnMs(endMs)) / rate)
    if (tail > 0 && tail <= reachMs) endMs += tail
  }
  // What reaches beyond the columns is cut off in both.
  const rowMsAt = (ms: number) => (ms - offsetMs) / rate
  const [low, high] = rate > 0 ? [0, columns.durationMs] : [columns.durationMs, 0]
  startMs = Math.min(startWithin(startMs, rowMsAt(low)), endMs)
  endMs = Math.max(endWithin(endMs, rowMsAt(high)), startMs)
  const within = (ms: number) => Math.min(Math.max(ms, 0), columns.durationMs)
  const ends = [within(columnMs(startMs)), within(columnMs(endMs))] as const
  return {
    rowStartMs: startMs,
    rowEndMs: endMs,
    columnStartMs: Math.min(...ends),
    columnEndMs: Math.max(...ends),
    rate,
  }
}

/** The rows of a run, and those beside it at which both tracks are blank. */
function throughBlank(
  { rows, columns }: PictureScene,
  { line, from, to }: Explained,
): { first: number; last: number } {
  const blank = (row: number) => {
    const ms = row * rows.stepMs * line.rate + line.offsetMs
    const inside = ms >= 0 && ms < columns.durationMs
    return (rows.runAt[row] as number) < 0 && inside && runAtMs(columns, ms) < 0
  }
  let first = from
  let last = to
  while (first > 0 && blank(first - 1)) first--
  while (last + 1 < rows.runAt.length && blank(last + 1)) last++
  return { first, last }
}
