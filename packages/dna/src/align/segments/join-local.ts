import type { TrackSegment } from './segment.ts'
import { lengthMs, overlapMs, refMsOn } from './segment-geometry.ts'

/** Largest distance of two lines, in milliseconds, that show the same passage. */
const SAME_LINE_MS = 600
/** Segments compete if they share more than this fraction of the shorter one. */
const RIVAL_SHARE = 0.3

/**
 * Adds segments found by keypoints to those found by hashes. On the same line their evidence adds up; where they
 * contradict each other, the stronger one stays.
 */
export function joinLocal(frames: readonly TrackSegment[], local: readonly TrackSegment[]): TrackSegment[] {
  const joined = [...frames]
  for (const segment of local) {
    const at = joined.findIndex((other) => isSamePassage(other, segment))
    const same = joined[at]
    if (same) joined[at] = together(same, segment)
    else {
      const rivals = joined.filter((other) => sharedPart(other, segment) > RIVAL_SHARE)
      if (rivals.some(({ evidence }) => evidence >= segment.evidence)) continue
      for (const rival of rivals) joined.splice(joined.indexOf(rival), 1)
      joined.push(segment)
    }
  }
  return joined.sort((a, b) => b.evidence - a.evidence)
}

function isSamePassage(a: TrackSegment, b: TrackSegment): boolean {
  if (a.mirrored !== b.mirrored || a.turn !== b.turn || overlapMs(a, b) <= 0) return false
  const ends = [Math.max(a.queryStartMs, b.queryStartMs), Math.min(a.queryEndMs, b.queryEndMs)]
  return ends.every((ms) => Math.abs(refMsOn(a, ms) - refMsOn(b, ms)) <= SAME_LINE_MS)
}

/** One segment of two on one line. Still pictures prove the same once. */
function together(frames: TrackSegment, local: TrackSegment): TrackSegment {
  const isStatic = frames.isStatic === true && local.isStatic === true
  const evidence = local.isStatic
    ? Math.max(frames.evidence, local.evidence)
    : frames.evidence + local.evidence
  const base = lengthMs(frames) >= lengthMs(local) || frames.evidence >= local.evidence ? frames : local
  return {
    ...base,
    evidence,
    isStatic,
    queryBox: frames.queryBox ?? local.queryBox ?? null,
    refBox: frames.refBox ?? local.refBox ?? null,
  }
}

function sharedPart(a: TrackSegment, b: TrackSegment): number {
  return overlapMs(a, b) / Math.max(1, Math.min(lengthMs(a), lengthMs(b)))
}
