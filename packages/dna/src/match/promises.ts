import type { Fingerprint } from '../fingerprint.ts'
import { excerptOf } from './excerpt.ts'
import { matchFingerprints } from './match-fingerprints.ts'

/** Around a place: as long as the query, and this much more at each end, for other speeds and offsets that are a little off. */
const MARGIN_MS = 5000
const MARGIN_SHARE = 0.25
/** Places that together are longer than this share of the reference save nothing. */
const WORTH_SHARE = 0.5
/** Score in a place from which the whole is aligned. */
const LEAST_SCORE = 0.1

/**
 * Whether aligning the whole of two fingerprints promises anything: false where nothing alike is found around the
 * places that the candidate index named, reference time less query time in milliseconds each. It costs a fraction of an
 * alignment of the whole, and most candidates are chance likenesses.
 */
export function promises(query: Fingerprint, ref: Fingerprint, offsetsMs: readonly number[]): boolean {
  const queryMs = 1000 * query.durationSeconds
  const refMs = Math.ceil(1000 * ref.durationSeconds)
  const margin = MARGIN_MS + MARGIN_SHARE * queryMs
  const places = offsetsMs
    .map((offset) => ({
      fromMs: Math.max(0, Math.floor(offset - margin)),
      toMs: Math.min(refMs, Math.ceil(offset + queryMs + margin)),
    }))
    .filter(({ fromMs, toMs }) => toMs > fromMs)
  const length = places.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
  if (length > WORTH_SHARE * refMs) return true
  return places.some((place) => matchFingerprints(query, excerptOf(ref, place)).score >= LEAST_SCORE)
}
