import { hashDistance } from './hamming.ts'
import type { PictureHits } from './picture-hits.ts'
import { type PictureLane, runAtMs } from './picture-lane.ts'

/**
 * Two picture tracks and the like frames found between them. The rows are the track that is walked frame by frame,
 * the columns the one looked up: the query and the reference, or the other way round where the reference's track
 * is the sparser one.
 */
export type PictureScene = {
  readonly rows: PictureLane
  readonly columns: PictureLane
  readonly found: PictureHits
}

/**
 * Smallest distance between a run of the rows and the columns at a time or one step beside it, and the column's
 * run that has it (-1: all blank).
 */
export function nearestBits({ rows, columns }: PictureScene, run: number, ms: number): [number, number] {
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
