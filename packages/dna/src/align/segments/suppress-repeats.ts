import type { TrackSegment } from './segment.ts'

/** A segment repeats a stronger one if more than this share of it, in either video, is inside the stronger one ... */
const OVERLAP_SHARE = 0.5
/** ... and it has less than this share of the stronger one's evidence per second. */
const MIN_DENSITY_SHARE = 0.5

/**
 * Drops segments that weakly repeat a stronger one (non-maximum suppression), because a static scene also resembles
 * itself at other times. Content that does occur several times is equally strong each time, so all of it is kept.
 */
export function suppressRepeats(segments: readonly TrackSegment[]): TrackSegment[] {
  const kept: TrackSegment[] = []
  for (const segment of [...segments].sort((a, b) => b.evidence - a.evidence)) {
    const isRepeat = kept.some(
      (strong) => overlaps(segment, strong) && density(segment) < MIN_DENSITY_SHARE * density(strong),
    )
    if (!isRepeat) kept.push(segment)
  }
  return kept
}

function overlaps(segment: TrackSegment, strong: TrackSegment): boolean {
  const share = (from: number, to: number, [low, high]: readonly [number, number]) =>
    (Math.min(to, high) - Math.max(from, low)) / Math.max(1, to - from)
  const { queryStartMs, queryEndMs, refStartMs, refEndMs } = segment
  return (
    share(queryStartMs, queryEndMs, [strong.queryStartMs, strong.queryEndMs]) > OVERLAP_SHARE ||
    share(refStartMs, refEndMs, [strong.refStartMs, strong.refEndMs]) > OVERLAP_SHARE
  )
}

/** Evidence per millisecond of the query. */
function density({ evidence, queryStartMs, queryEndMs }: TrackSegment): number {
  return evidence / Math.max(1, queryEndMs - queryStartMs)
}
