import type { Segment } from './segment.ts'

/**
 * A segment of a reported pair that scores less than this, and less than this share of the pair's best, is not
 * reported. In the accepted pairs of the accuracy bench the wrong ones reach .24 and .33 of the best, the right ones
 * lie over .38 and .58.
 */
const SEGMENT_FLOOR = 0.3
const SEGMENT_SHARE = 0.5

/** The segments that are sure enough to be reported; passages of a loop are weak, but none is weaker than the others. */
export function withoutWeak(segments: readonly Segment[]): Segment[] {
  const best = Math.max(...segments.map(({ score }) => score))
  return segments.filter(({ score }) => score >= Math.min(SEGMENT_FLOOR, SEGMENT_SHARE * best))
}
