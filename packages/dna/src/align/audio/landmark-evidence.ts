import type { LandmarkHits } from './landmark-hits.ts'
import { type LandmarkTimeline, spectraSpanned } from './landmark-timeline.ts'

/** Share of a copy's peaks that must survive for it to be found: with louder speech over it, one in 30 to one in 10. */
const SURVIVING_SHARE = 0.03
/** Hits count for a line this many spectra around it, its own included. */
const SPECTRA_ON_LINE = 3

/**
 * Evidence of each hit, in nats: the logarithm of how much more likely it is in a copy than by chance. Chance is the
 * number of hits for each landmark and each possible offset. It is higher for landmarks that occur again and again, as in
 * a beep or a loop, on either side.
 */
export function hitEvidence(
  { size, query: own, ref: others, queryCounts, refCounts }: LandmarkHits,
  query: LandmarkTimeline,
  ref: LandmarkTimeline,
): Float32Array {
  const queryLines = SPECTRA_ON_LINE / spectraSpanned(query)
  const refLines = SPECTRA_ON_LINE / spectraSpanned(ref)
  const total = queryCounts.reduce((sum, count) => sum + count, 0)
  const anywhere = (total / Math.max(1, queryCounts.length)) * refLines
  const evidence = new Float32Array(size)
  // A loop, because `from` takes ten times as long, and there are up to 400,000 hits.
  for (let hit = 0; hit < size; hit++) {
    const again = (queryCounts[own[hit] as number] as number) - 1
    const elsewhere = (refCounts[others[hit] as number] as number) - 1
    evidence[hit] = Math.log(1 + SURVIVING_SHARE / (anywhere + again * refLines + elsewhere * queryLines))
  }
  return evidence
}

/** Evidence against a copy, in nats, of a peak without a hit. */
export const MISSING_PEAK_COST = -Math.log(1 - SURVIVING_SHARE)
