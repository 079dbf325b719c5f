/** A matching segment in both videos: decimal seconds, ends exclusive. */
export type SegmentSeconds = {
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly refEnd: number
  /** A reading too weak to report. Absent in results of older versions. */
  readonly weak?: boolean | undefined
}

/** The first and last matching second in both videos, inclusive. */
export type MatchDetail = {
  readonly matchStartTime: number
  readonly matchEndTime: number
  readonly srcStartTime: number
  readonly srcEndTime: number
}

export type Durations = { readonly queryDurationSeconds: number; readonly refDurationSeconds: number }

function round(seconds: number): number {
  return Number.isFinite(seconds) ? Math.floor(seconds + 0.5) : 0
}

/** A duration rounded to whole seconds, at least 1. */
export function wholeSeconds(durationSeconds: number): number {
  return Math.max(1, round(durationSeconds))
}

function inclusive(start: number, end: number, durationSeconds: number): readonly [number, number] {
  const last = wholeSeconds(durationSeconds) - 1
  const clamp = (second: number): number => Math.min(Math.max(second, 0), last)
  const first = round(start)
  return [clamp(first), clamp(Math.max(first, round(end) - 1))]
}

/**
 * Converts a segment to whole seconds. Match* are times in the library video, Src* in the input.
 *
 * @example a whole copy of 10 s: 0, 9, 0, 9
 */
export function matchDetailOf(segment: SegmentSeconds, durations: Durations): MatchDetail {
  const [srcStartTime, srcEndTime] = inclusive(
    segment.queryStart,
    segment.queryEnd,
    durations.queryDurationSeconds,
  )
  const [matchStartTime, matchEndTime] = inclusive(
    segment.refStart,
    segment.refEnd,
    durations.refDurationSeconds,
  )
  return { matchStartTime, matchEndTime, srcStartTime, srcEndTime }
}

/** Returns the segments in whole seconds, without weak readings and without duplicates caused by rounding. */
export function matchDetailsOf(segments: readonly SegmentSeconds[], durations: Durations): MatchDetail[] {
  const details = new Map<string, MatchDetail>()
  for (const segment of segments.filter(({ weak }) => weak !== true)) {
    const detail = matchDetailOf(segment, durations)
    const key = Object.values(detail).join(',')
    if (!details.has(key)) {
      details.set(key, detail)
    }
  }
  return [...details.values()]
}

/** The number of input seconds that the details cover, counting overlaps once. */
export function similarDurationOf(details: readonly MatchDetail[]): number {
  const bySource = [...details].sort((a, b) => a.srcStartTime - b.srcStartTime)
  let covered = 0
  let next = 0
  for (const { srcStartTime, srcEndTime } of bySource) {
    const from = Math.max(next, srcStartTime)
    covered += Math.max(0, srcEndTime + 1 - from)
    next = Math.max(next, srcEndTime + 1)
  }
  return covered
}
