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
    const indexes = new Uint32Array(stretch.length)
    for (let i = 0; i < stretch.length; i++) {
      const hit = stretch[i] as number
      const at = (offsets[hit] as number) + last + REACH
      indexes[i] = at
      sums[at] = (sums[at] as number) + (evidence[hit] as number)
    }
    for (const at of strongest(indexes, sums)) isChosen.fill(1, Math.max(0, at - 2 * REACH), at + 1)
    for (const at of indexes) sums[at] = 0
  }
  return pick(hits, byOffset(offsets, { last, isChosen }))
}

// Loops, because `from` and `map` take several times as long, and there are up to 400,000 hits.

function allHits(query: LandmarkTimeline, ref: LandmarkTimeline): LineHits {
  const found = landmarkHits(query.landmarks, ref.landmarks)
  const peaks = new Uint32Array(found.size)
  const offsets = new Int32Array(found.size)
  for (let hit = 0; hit < found.size; hit++) {
    const peak = query.landmarks.peaks[found.query[hit] as number] as number
    const refPeak = ref.landmarks.peaks[found.ref[hit] as number] as number
    peaks[hit] = peak
    offsets[hit] = (ref.spectra[refPeak] as number) - (query.spectra[peak] as number)
  }
  return { peaks, offsets, evidence: hitEvidence(found, query, ref) }
}

type ChosenOffsets = {
  /** The lowest offset, negated. */
  readonly last: number
  /** Element i belongs to offset i - last. */
  readonly isChosen: Uint8Array
}

/** The hits with chosen offsets, ascending by offset, then as they were (counting sort). */
function byOffset(offsets: Int32Array, { last, isChosen }: ChosenOffsets): Uint32Array {
  const next = new Uint32Array(isChosen.length + 1)
  for (const offset of offsets)
    if (isChosen[offset + last] === 1) next[offset + last + 1] = (next[offset + last + 1] as number) + 1
  for (let at = 1; at < next.length; at++) next[at] = (next[at] as number) + (next[at - 1] as number)
  const order = new Uint32Array(next[next.length - 1] as number)
  for (let hit = 0; hit < offsets.length; hit++) {
    const at = (offsets[hit] as number) + last
    if (isChosen[at] !== 1) continue
    order[next[at] as number] = hit
    next[at] = (next[at] as number) + 1
  }
  return order
}

function pick(hits: LineHits, order: Uint32Array): LineHits {
  const peaks = new Uint32Array(order.length)
  const offsets = new Int32Array(order.length)
  const evidence = new Float32Array(order.length)
  for (let i = 0; i < order.length; i++) {
    const hit = order[i] as number
    peaks[i] = hits.peaks[hit] as number
    offsets[i] = hits.offsets[hit] as number
    evidence[i] = hits.evidence[hit] as number
  }
  return { peaks, offsets, evidence }
}

/** The hits of each stretch of the query (counting sort). */
function stretches({ spectra }: LandmarkTimeline, { peaks }: LineHits): Uint32Array[] {
  const stretchOf = new Uint32Array(peaks.length)
  for (let hit = 0; hit < peaks.length; hit++)
    stretchOf[hit] = Math.floor((spectra[peaks[hit] as number] as number) / STRETCH_SPECTRA)
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
