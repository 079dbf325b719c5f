import { hitEvidence } from './landmark-evidence.ts'
import { landmarkHits } from './landmark-hits.ts'
import type { LandmarkTimeline } from './landmark-timeline.ts'

/** Length of the stretches of the query that choose offsets, in spectra (16 s): a short copy stands out in one of them. */
const STRETCH_SPECTRA = 700
/** Number of offsets that each stretch chooses. */
const OFFSETS_PER_STRETCH = 8
/** Spectra on both sides of an offset whose hits may be on its line. */
const REACH = 2

/** Shared landmarks as parallel arrays, by offset. */
type LineHits = {
  /** Index of the query's peak. */
  readonly peaks: Uint32Array
  /** Spectrum of the reference minus spectrum of the query. */
  readonly offsets: Int32Array
  /** In nats. */
  readonly evidence: Float32Array
}

/**
 * Returns the shared landmarks near the offsets that have the most evidence in some stretch of the query. Only these can
 * be on a line. They are few, whereas chance spreads thousands over all offsets.
 */
export function hitsOnLines(query: LandmarkTimeline, ref: LandmarkTimeline): LineHits {
  const hits = allHits(query, ref)
  const { offsets, evidence } = hits
  const last = query.spectra[query.spectra.length - 1] ?? 0
  const isChosen = new Uint8Array(last + (ref.spectra[ref.spectra.length - 1] ?? 0) + 1)
  // Element i belongs to offset i - last - REACH.
  const sums = new Float32Array(isChosen.length + 2 * REACH)
  for (const stretch of stretches(query, hits)) {
    const indexes = stretch.map((hit) => (offsets[hit] as number) + last + REACH)
    for (let i = 0; i < stretch.length; i++) {
      const at = indexes[i] as number
      sums[at] = (sums[at] as number) + (evidence[stretch[i] as number] as number)
    }
    for (const at of strongest(indexes, sums)) isChosen.fill(1, Math.max(0, at - 2 * REACH), at + 1)
    for (const at of indexes) sums[at] = 0
  }
  const order = Uint32Array.from(offsets.keys())
    .filter((hit) => isChosen[(offsets[hit] as number) + last] === 1)
    .sort((a, b) => (offsets[a] as number) - (offsets[b] as number) || a - b)
  return {
    peaks: order.map((hit) => hits.peaks[hit] as number),
    offsets: Int32Array.from(order, (hit) => offsets[hit] as number),
    evidence: Float32Array.from(order, (hit) => evidence[hit] as number),
  }
}

function allHits(query: LandmarkTimeline, ref: LandmarkTimeline): LineHits {
  const found = landmarkHits(query.landmarks, ref.landmarks)
  const peaks = found.query.map((landmark) => query.landmarks.peaks[landmark] as number)
  const offsets = Int32Array.from(peaks, (peak, hit) => {
    const refPeak = ref.landmarks.peaks[found.ref[hit] as number] as number
    return (ref.spectra[refPeak] as number) - (query.spectra[peak] as number)
  })
  return { peaks, offsets, evidence: hitEvidence(found, query, ref) }
}

/** The hits of each stretch of the query (counting sort). */
function stretches({ spectra }: LandmarkTimeline, { peaks }: LineHits): Uint32Array[] {
  const stretchOf = peaks.map((peak) => Math.floor((spectra[peak] as number) / STRETCH_SPECTRA))
  const last = Math.floor((spectra[spectra.length - 1] ?? 0) / STRETCH_SPECTRA)
  const ends = new Uint32Array(last + 2)
  for (const stretch of stretchOf) ends[stretch + 1] = (ends[stretch + 1] as number) + 1
  for (let stretch = 0; stretch <= last; stretch++) {
    ends[stretch + 1] = (ends[stretch + 1] as number) + (ends[stretch] as number)
  }
  const order = new Uint32Array(peaks.length)
  const next = ends.slice()
  for (let hit = 0; hit < peaks.length; hit++) {
    const stretch = stretchOf[hit] as number
    order[next[stretch] as number] = hit
    next[stretch] = (next[stretch] as number) + 1
  }
  return Array.from({ length: last + 1 }, (_, stretch) => order.subarray(ends[stretch], ends[stretch + 1]))
}

/** The indexes with the most evidence at and beside them, none of them less than its neighbours. */
function strongest(indexes: Uint32Array, sums: Float32Array): number[] {
  const own = (at: number) => sums[at] ?? 0
  const around = (at: number) => 3 * own(at) + 2 * (own(at - 1) + own(at + 1)) + own(at - 2) + own(at + 2)
  const best: { at: number; sum: number }[] = []
  for (const at of indexes) {
    const sum = around(at)
    const weakest = best.length === OFFSETS_PER_STRETCH ? (best[best.length - 1]?.sum ?? 0) : 0
    if (sum <= weakest || sum < around(at - 1) || sum < around(at + 1)) continue
    if (best.some((other) => other.at === at)) continue
    best.push({ at, sum })
    best.sort((a, b) => b.sum - a.sum)
    best.length = Math.min(best.length, OFFSETS_PER_STRETCH)
  }
  return best.map(({ at }) => at)
}
