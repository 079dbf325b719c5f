import type { Segment } from '../align/segments/segment.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import {
  bitsBetween,
  framesShowing,
  pictureAt,
  type ShownFrames,
  undoOrientation,
  wholeFrames,
} from './shown-frames.ts'

/** The frames of both sides that a passage compares, the query's as the reference would show them. */
export type PassageFrames = {
  readonly query: ShownFrames
  readonly ref: ShownFrames
  readonly method: 'frames' | 'keypoints'
}

/** The two videos of a pair. The query may have several fingerprints, the most detailed first. */
export type ComparedVideos = { readonly query: readonly Fingerprint[]; readonly ref: Fingerprint }

/** Moments of a passage at which views are compared. */
const SAMPLES = 24
/** A further view of the same part is taken only if its frames are closer by more bits than this. */
const CLEAR_BITS = 8

/** The time in the reference, in milliseconds, for a time of the query in a segment. */
export function refMsAt({ queryStart, refStart, refEnd, reversed, ...segment }: Segment, ms: number): number {
  const rate = (refEnd - refStart) / Math.max(0.001, segment.queryEnd - queryStart)
  const passed = (ms - 1000 * queryStart) * rate
  return reversed ? 1000 * refEnd - passed : 1000 * refStart + passed
}

/** Finds the views that a segment matched: of those that show its boxes, the closest ones. */
export function passageFrames({ query, ref }: ComparedVideos, segment: Segment): PassageFrames {
  const ofQuery = framesShowing(query, segment.queryBox)
  const ofRef = framesShowing([ref], segment.refBox)
  const isKnown = ofQuery.length > 0 && ofRef.length > 0
  const queries = isKnown ? ofQuery : [wholeFrames(query)]
  const refs = isKnown ? ofRef : [wholeFrames([ref])]
  let best: PassageFrames | null = null
  let bestBits = Number.POSITIVE_INFINITY
  for (const one of queries) {
    const oriented = undoOrientation(one, segment)
    for (const other of refs) {
      const frames = { query: oriented, ref: other, method: isKnown ? 'frames' : 'keypoints' } as const
      const bits = queries.length * refs.length > 1 ? sampledBits(frames, segment) : 0
      if (best !== null && !(bits < bestBits - CLEAR_BITS)) continue
      best = frames
      bestBits = bits
    }
  }
  return best ?? { query: wholeFrames(query), ref: wholeFrames([ref]), method: 'keypoints' }
}

/** Mean difference at a few moments of a segment, in bits; 256 if nothing can be compared. */
function sampledBits(frames: PassageFrames, segment: Segment): number {
  const fromMs = 1000 * segment.queryStart
  const lengthMs = 1000 * segment.queryEnd - fromMs
  let sum = 0
  let count = 0
  for (let i = 0; i < SAMPLES; i++) {
    const bits = bitsAt(frames, segment, fromMs + ((i + 0.5) / SAMPLES) * lengthMs)
    if (bits === null) continue
    sum += bits
    count++
  }
  return count > 0 ? sum / count : 256
}

/**
 * Smallest difference between the query's picture at a time and the reference's at the matching time or one step to
 * either side, in bits; null if there is nothing to compare.
 */
export function bitsAt({ query, ref }: PassageFrames, segment: Segment, ms: number): number | null {
  const shown = pictureAt(query, ms)
  if (shown === null) return null
  const refMs = refMsAt(segment, ms)
  let best: number | null = null
  for (const step of [-1, 0, 1]) {
    const other = pictureAt(ref, refMs + step * ref.stepMs)
    if (other === null) continue
    const bits = bitsBetween(shown, other)
    if (best === null || bits < best) best = bits
  }
  return best
}
