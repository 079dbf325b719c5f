import type { Detection, JobResult } from './job.ts'

/** Maximum detections per result, best first. */
export const DETECTIONS_MAX = 500
/** Maximum segments per result, across all its detections. This keeps a result under 1 MB, also as XML. */
export const SEGMENTS_MAX = 2_000

/**
 * Limits the stored part of a result. The best detections are kept, and detections with the most segments keep their
 * longest ones. Similar and coverage still refer to all segments. `truncated` counts the omitted ones.
 */
export function limitResult(result: JobResult): JobResult {
  const kept = result.detections.slice(0, DETECTIONS_MAX)
  const most = largestShare(kept.map(({ segments }) => segments.length))
  const detections = kept.map((detection) => withLongest(detection, most))
  const left = { detections: result.detections.length - kept.length, segments: 0 }
  left.segments = count(result.detections) - count(detections)
  return left.detections + left.segments === 0 ? result : { ...result, detections, truncated: left }
}

function count(detections: readonly Detection[]): number {
  return detections.reduce((sum, { segments }) => sum + segments.length, 0)
}

/** The number of segments that each detection may keep so that all of them together have at most SEGMENTS_MAX. */
function largestShare(counts: readonly number[]): number {
  let left = SEGMENTS_MAX
  const rising = [...counts].sort((a, b) => a - b)
  for (const [at, segments] of rising.entries()) {
    const share = Math.floor(left / (rising.length - at))
    if (segments > share) return share
    left -= segments
  }
  return Number.POSITIVE_INFINITY
}

function withLongest(detection: Detection, most: number): Detection {
  const { segments } = detection
  if (segments.length <= most) return detection
  const secondsOf = (at: number): number => (segments[at]?.queryEnd ?? 0) - (segments[at]?.queryStart ?? 0)
  const longest = new Set([...segments.keys()].sort((a, b) => secondsOf(b) - secondsOf(a)).slice(0, most))
  return { ...detection, segments: segments.filter((_, at) => longest.has(at)) }
}
