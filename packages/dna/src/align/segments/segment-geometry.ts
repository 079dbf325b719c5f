import type { TrackSegment } from './segment.ts'

/** The lengths of both videos in milliseconds, which bound every segment. */
export type Lengths = { readonly queryMs: number; readonly refMs: number }

/**
 * Whether a stretch lasts a millisecond, as segments are reported: a video without length shows none of the frames that it
 * claims.
 */
export function hasLength(fromMs: number, toMs: number): boolean {
  return Math.round(toMs) > Math.round(fromMs)
}

/** The reference time that corresponds to a query time, on the line of a segment. */
export function refMsOn(segment: TrackSegment, queryMs: number): number {
  const anchorMs = segment.rate > 0 ? segment.refStartMs : segment.refEndMs
  return anchorMs + (queryMs - segment.queryStartMs) * segment.rate
}

/** An overhang smaller than this beyond the end of the other video is rounding of the line, so the boundary stays. */
const AT_END_MS = 20

/** Moves a start to the earliest time that the other video allows. */
export function clampStart(ms: number, earliestMs: number): number {
  return earliestMs - ms > AT_END_MS ? earliestMs : ms
}

/** Moves an end to the latest time that the other video allows. */
export function clampEnd(ms: number, lastMs: number): number {
  return ms - lastMs > AT_END_MS ? lastMs : ms
}

/**
 * Returns the part of a segment between two query times, on its own line. Parts outside either video are
 * trimmed on both sides, so that both lengths stay consistent with the rate.
 */
export function clipSegment(
  segment: TrackSegment,
  { fromMs, toMs, lengths }: { readonly fromMs: number; readonly toMs: number; readonly lengths: Lengths },
): TrackSegment {
  const queryMsAt = (refMs: number) =>
    segment.queryStartMs + (refMs - refMsOn(segment, segment.queryStartMs)) / segment.rate
  const [first, last] = [queryMsAt(0), queryMsAt(lengths.refMs)].sort((a, b) => a - b) as [number, number]
  const queryStartMs = clampStart(Math.max(fromMs, 0), first)
  const queryEndMs = clampEnd(Math.min(toMs, lengths.queryMs), last)
  const within = (ms: number) => Math.min(Math.max(ms, 0), lengths.refMs)
  const ends = [within(refMsOn(segment, queryStartMs)), within(refMsOn(segment, queryEndMs))] as const
  return { ...segment, queryStartMs, queryEndMs, refStartMs: Math.min(...ends), refEndMs: Math.max(...ends) }
}

/**
 * Whether two segments show the picture in the same orientation and their lines are at most `toleranceMs` apart where
 * they meet.
 */
export function areCollinear(a: TrackSegment, b: TrackSegment, toleranceMs: number): boolean {
  if (a.mirrored !== b.mirrored || a.turn !== b.turn || a.rate > 0 !== b.rate > 0) return false
  const ends = [Math.max(a.queryStartMs, b.queryStartMs), Math.min(a.queryEndMs, b.queryEndMs)]
  return ends.every((ms) => Math.abs(refMsOn(a, ms) - refMsOn(b, ms)) <= toleranceMs)
}

/** Gap between two segments in milliseconds, in the video where it is larger; negative if they overlap in both. */
export function gapMs(a: TrackSegment, b: TrackSegment): number {
  return Math.max(
    Math.max(a.queryStartMs, b.queryStartMs) - Math.min(a.queryEndMs, b.queryEndMs),
    Math.max(a.refStartMs, b.refStartMs) - Math.min(a.refEndMs, b.refEndMs),
  )
}

/** Overlap of two segments in the query, in milliseconds. */
export function overlapMs(a: TrackSegment, b: TrackSegment): number {
  return Math.max(0, Math.min(a.queryEndMs, b.queryEndMs) - Math.max(a.queryStartMs, b.queryStartMs))
}

/** Length of a segment in the query, in milliseconds. */
export function lengthMs(segment: TrackSegment): number {
  return segment.queryEndMs - segment.queryStartMs
}

/** Merges two collinear segments, on the line of the stronger. Evidence of their overlap counts once. */
export function mergePair(strong: TrackSegment, weak: TrackSegment, lengths: Lengths): TrackSegment {
  const weights = [lengthMs(strong), lengthMs(weak)] as const
  const share = weights[1] > 0 ? 1 - overlapMs(strong, weak) / weights[1] : 0
  const whole = weights[0] + weights[1] * share
  const difference =
    (strong.difference * weights[0] + weak.difference * weights[1] * share) / Math.max(1, whole)
  const merged = clipSegment(strong, {
    fromMs: Math.min(strong.queryStartMs, weak.queryStartMs),
    toMs: Math.max(strong.queryEndMs, weak.queryEndMs),
    lengths,
  })
  return {
    ...merged,
    evidence: strong.evidence + weak.evidence * share,
    difference,
    ...(strong.isStatic && { isStatic: weak.isStatic === true }),
  }
}

/** Maximum distance between the lines of parts of one segment: slightly more than one step between samples. */
const SAME_LINE_MS = 300

/** Whether two segments continue one another. Lines at different speeds meet, but drift apart over the shorter one. */
function areOneLine(a: TrackSegment, b: TrackSegment): boolean {
  const driftMs = Math.abs(a.rate - b.rate) * Math.min(lengthMs(a), lengthMs(b))
  return driftMs <= SAME_LINE_MS && areCollinear(a, b, SAME_LINE_MS)
}

/**
 * Merges parts of one segment: collinear and at most `withinMs` apart. A scene change splits a segment if its sides
 * were found in different transforms of the picture.
 */
export function mergeSegments(
  segments: readonly TrackSegment[],
  { withinMs, lengths }: { readonly withinMs: number; readonly lengths: Lengths },
): TrackSegment[] {
  const whole: TrackSegment[] = []
  for (const segment of [...segments].sort((a, b) => b.evidence - a.evidence)) {
    let merged = segment
    for (;;) {
      const at = whole.findIndex((other) => gapMs(other, merged) <= withinMs && areOneLine(other, merged))
      if (at < 0) break
      const [other] = whole.splice(at, 1) as [TrackSegment]
      merged =
        other.evidence >= merged.evidence
          ? mergePair(other, merged, lengths)
          : mergePair(merged, other, lengths)
    }
    whole.push(merged)
  }
  return whole
}
