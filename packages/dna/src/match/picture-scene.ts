import { hashDistance } from './hamming.ts'
import type { PictureHits } from './picture-hits.ts'
import { type PictureLane, runAtMs } from './picture-lane.ts'

/** Two picture tracks, the way the query's hashes are turned, and the like frames found between them. */
export type PictureScene = {
  readonly query: PictureLane
  readonly ref: PictureLane
  readonly mask: number
  readonly found: PictureHits
}

/**
 * Smallest distance between a run of the query and the reference at a time or one step beside it, and the
 * reference's run that has it (-1: all blank).
 */
export function nearestBits(
  { query, ref, mask }: PictureScene,
  run: number,
  refMs: number,
): [number, number] {
  let best = 256
  let at = -1
  for (let step = -1; step <= 1; step++) {
    const other = runAtMs(ref, refMs + step * ref.stepMs)
    if (other < 0 || other === at) continue
    const bits = hashDistance(query.hashes, run, { b: ref.hashes, j: other, mask })
    if (bits < best) {
      best = bits
      at = other
    }
  }
  return [best, at]
}
