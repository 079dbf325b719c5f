import { hashDistance } from '../../hash/hamming.ts'
import type { FrameHits } from './frame-hits.ts'
import { type FrameTimeline, runAtMs } from './frame-timeline.ts'

/**
 * Two frame timelines and their matching frames. The rows are iterated frame by frame and the columns are looked up:
 * query and reference, or the reverse if the reference's timeline is the sparser one.
 */
export type FramePairing = {
  readonly rows: FrameTimeline
  readonly columns: FrameTimeline
  readonly found: FrameHits
}

/**
 * Smallest distance between a row run and the columns at a time or one step to either side, and the column run at that
 * distance (-1 if all are blank).
 */
export function nearestBits(
  { rows, columns }: Pick<FramePairing, 'rows' | 'columns'>,
  run: number,
  ms: number,
): [number, number] {
  let best = 256
  let at = -1
  for (let step = -1; step <= 1; step++) {
    const other = runAtMs(columns, ms + step * columns.stepMs)
    if (other < 0 || other === at) continue
    const bits = hashDistance(rows.hashes, run, { b: columns.hashes, j: other })
    if (bits < best) {
      best = bits
      at = other
    }
  }
  return [best, at]
}
