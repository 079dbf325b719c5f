import type { Detection, JobResult } from './job.ts'

/** Stored videos that one result names, the best first. */
export const DETECTIONS_MAX = 500
/** Passages in one result, over all its detections. A result then has less than a megabyte, as XML too. */
export const SEGMENTS_MAX = 2_000

/**
 * Cuts a result to what is stored and answered. The best detections stay, and of those with the most segments only the
 * longest ones. Similar and coverage still speak of all segments; `truncated` counts what is left out.
 */
export const limitResult = (result: JobResult): JobResult => {
  const kept = result.detections.slice(0, DETECTIONS_MAX)
  const most = largestShare(kept.map(({ segments }) => segments.length))
  const detections = kept.map((detection) => withLongest(detection, most))
  const left = { detections: result.detections.length - kept.length, segments: 0 }
  left.segments = count(result.detections) - count(detections)
  return left.detections + left.segments === 0 ? result : { ...result, detections, truncated: left }
}

const count = (detections: readonly Detection[]): number =>
  detections.reduce((sum, { segments }) => sum + segments.length, 0)

/** The most segments that each detection may keep so that all have SEGMENTS_MAX at most. */
const largestShare = (counts: readonly number[]): number => {
  let left = SEGMENTS_MAX
  const rising = [...counts].sort((a, b) => a - b)
  for (const [at, segments] of rising.entries()) {
    const share = Math.floor(left / (rising.length - at))
    if (segments > share) return share
    left -= segments
  }
  return Number.POSITIVE_INFINITY
}

const withLongest = (detection: Detection, most: number): Detection => {
  const { segments } = detection
  if (segments.length <= most) return detection
  const secondsOf = (at: number): number => (segments[at]?.queryEnd ?? 0) - (segments[at]?.queryStart ?? 0)
  const longest = new Set([...segments.keys()].sort((a, b) => secondsOf(b) - secondsOf(a)).slice(0, most))
  return { ...detection, segments: segments.filter((_, at) => longest.has(at)) }
}
