import type { Place } from '../candidates/rank-candidates.ts'
import type { Fingerprint } from '../fingerprint.ts'
import { excerptOf } from './excerpt.ts'
import { matchFingerprints } from './match-fingerprints.ts'

/** So much of the query is looked at on each side of a place ... */
const QUERY_MS = 10_000
/** ... and so much of the reference: another speed takes more of it. */
const REF_MS = 15_000
/** References up to this length are as quickly aligned as looked at. */
const SHORT_MS = 60_000
/** Score in a place from which the whole is aligned. */
const LEAST_SCORE = 0.1

/**
 * Whether aligning the whole of two fingerprints promises anything: false where nothing alike is found around the
 * places that the candidate index named. It costs a fraction of an alignment of the whole, and most candidates are chance
 * likenesses.
 */
export function isPromising(query: Fingerprint, ref: Fingerprint, places: readonly Place[]): boolean {
  if (1000 * ref.durationSeconds <= SHORT_MS) return true
  return places.some(({ queryMs, refMs }) => {
    const here = around(query, queryMs, QUERY_MS)
    const there = around(ref, refMs, REF_MS)
    return here && there && matchFingerprints(here, there).score >= LEAST_SCORE
  })
}

function around(fingerprint: Fingerprint, ms: number, reachMs: number): Fingerprint | null {
  const fromMs = Math.max(0, Math.floor(ms - reachMs))
  const toMs = Math.min(Math.ceil(1000 * fingerprint.durationSeconds), Math.ceil(ms + reachMs))
  return toMs > fromMs ? excerptOf(fingerprint, { fromMs, toMs }) : null
}
