import { excerptOf } from '../fingerprint/excerpt.ts'
import { type Fingerprint, isSparseVideo } from '../fingerprint/fingerprint.ts'
import { isStill } from '../fingerprint/still.ts'
import type { SeedAlignment } from '../index/rank-candidates.ts'
import { fitsVariant } from './audio/align-audio-variants.ts'
import { matchFingerprints } from './match-fingerprints.ts'

/**
 * Time compared on each side of a seed, in the query and in the reference. Another speed needs more of the reference.
 */
const QUERY_REACH_MS = 10_000
const REF_REACH_MS = 15_000
/** Factor of both if the reference is sparse: its keyframes are up to 12 s apart. */
const SPARSE_FACTOR = 3
/** References up to this length take no longer to align than to prefilter. */
const SHORT_MS = 60_000
/** Score of the excerpts from which the whole pair is aligned. */
const MIN_SCORE = 0.1

/**
 * Whether two fingerprints are worth aligning in full: false if nothing matches around the seed alignments from the
 * candidate index. Costs a fraction of a full alignment, and most candidates are chance matches.
 */
export function passesPrefilter(
  query: Fingerprint,
  ref: Fingerprint,
  seeds: readonly SeedAlignment[],
): boolean {
  if (1000 * ref.durationSeconds <= SHORT_MS || isStill(query)) return true
  const factor = isSparseVideo(ref.video) ? SPARSE_FACTOR : 1
  return seeds.some((seed) => {
    if (seed.audioVariant !== undefined) return fitsVariant(query, ref, seed)
    const here = around(query, seed.queryMs, factor * QUERY_REACH_MS)
    const there = around(ref, seed.refMs, factor * REF_REACH_MS)
    if (!here || !there) return false
    const near = { queryMs: seed.queryMs - here.fromMs, refMs: seed.refMs - there.fromMs }
    return matchFingerprints(here.part, there.part, { seeds: [near] }).score >= MIN_SCORE
  })
}

type Excerpt = { readonly part: Fingerprint; readonly fromMs: number }

function around(fingerprint: Fingerprint, ms: number, reachMs: number): Excerpt | null {
  const endMs = Math.ceil(1000 * fingerprint.durationSeconds)
  const fromMs = Math.max(0, Math.floor(ms - reachMs))
  const toMs = Math.min(endMs, Math.ceil(ms + reachMs))
  if (toMs <= fromMs) return null
  // What is remembered of a short query need not be made again for each seed.
  const isWhole = fromMs === 0 && toMs === endMs
  return { part: isWhole ? fingerprint : excerptOf(fingerprint, { fromMs, toMs }), fromMs }
}
