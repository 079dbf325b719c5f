import { HASH_WORDS, likelyDistance } from './hamming.ts'
import type { PictureLane } from './picture-lane.ts'
import type { Hits } from './vote-lines.ts'

/** Distance in bits from which two frames no longer count as alike; unrelated frames lie over 96 (measured). */
export const ALIKE_BITS = 92
/** Bound on comparisons: long videos are searched with fewer rows (20 s against 30 min needs 0.6 million). */
const MAX_COMPARISONS = 10_000_000
const MAX_HITS = 600_000
/** Rows are taken in this many interleaved passes, so that a full table of hits still covers the whole query. */
const PASSES = 8
/** Exponent by which a common look (a still scene, a jingle) counts less; measured by a prototype. */
const COMMON_POWER = 0.25

/** Pairs of like frames, with what the evidence on a line needs to weigh any pair. */
export type PictureHits = {
  readonly hits: Hits
  /** How often each query run was seen in the reference, to the power -0.25; likewise for each reference run. */
  readonly queryNorm: Float32Array
  readonly refNorm: Float32Array
  /** Distance from which a frame of each query run counts as unlike. */
  readonly limits: Float32Array
}

/**
 * A frame of the query that resembles this share of the whole reference is judged by how much better than that a
 * moment fits: a scene that stands still looks like itself at any time, and only the right time fits better.
 */
const COMMON_SHARE = 0.25
/** A moment must lie under this part of the distance of that share ... */
const RIVAL_RATIO = 0.75
/** ... but equal pictures stay equal however common: up to here a frame is never called unlike. */
const LEAST_LIMIT = 24

/** Weight 0..1 of two frames at a distance, given the distance from which they count as unlike. */
export function likeness(bits: number, limit: number): number {
  return Math.max(0, (limit - bits) / limit)
}

type Draft = {
  readonly queryMs: number[]
  readonly runs: number[]
  readonly refRuns: number[]
  readonly bits: number[]
}

/** Compares the query's frames with the reference's runs. `mask` turns the query's hashes (mirrored). */
export function pictureHits(query: PictureLane, ref: PictureLane, { mask }: { mask: number }): PictureHits {
  const draft: Draft = { queryMs: [], runs: [], refRuns: [], bits: [] }
  const stride = Math.max(1, Math.ceil((query.runAt.length * ref.runs) / MAX_COMPARISONS))
  const rows = Math.ceil(query.runAt.length / stride)
  const queryHits = new Float64Array(query.runs)
  const refHits = new Float64Array(ref.runs)
  const limits = new Float32Array(query.runs)
  const samples = ref.samplesOf.reduce((sum, count) => sum + count, 0)
  let done = 0
  for (let pass = 0; pass < PASSES && draft.bits.length < MAX_HITS; pass++) {
    for (let row = pass; row < rows && draft.bits.length < MAX_HITS; row += PASSES) {
      compareRow(query, ref, { row: row * stride, mask, draft, queryHits, refHits, limits, samples })
      done++
    }
  }
  const share = done > 0 ? query.runAt.length / done : 1
  return weighHits(draft, { query, ref, queryHits, refHits, limits, share })
}

type RowWork = {
  readonly row: number
  readonly mask: number
  readonly draft: Draft
  readonly queryHits: Float64Array
  readonly refHits: Float64Array
  readonly limits: Float32Array
  readonly samples: number
}

/** Samples of the reference at each distance from the row in hand. */
const histogram = new Uint32Array(ALIKE_BITS)

function compareRow(
  query: PictureLane,
  ref: PictureLane,
  { row, mask, draft, queryHits, refHits, limits, samples: total }: RowWork,
): void {
  const run = query.runAt[row] ?? -1
  if (run < 0) return
  const probe = query.hashes.slice(run * HASH_WORDS, (run + 1) * HASH_WORDS).map((word) => word ^ mask)
  let seen = 0
  histogram.fill(0)
  for (let other = 0; other < ref.runs; other++) {
    const samples = ref.samplesOf[other] as number
    if (samples === 0) continue
    const bits = likelyDistance(probe, ref.hashes, other)
    if (bits >= ALIKE_BITS) continue
    draft.queryMs.push(row * query.stepMs)
    draft.runs.push(run)
    draft.refRuns.push(other)
    draft.bits.push(bits)
    histogram[bits] = (histogram[bits] as number) + samples
    seen += samples
    refHits[other] = (refHits[other] as number) + 1
  }
  queryHits[run] = seen
  limits[run] = limitOf(COMMON_SHARE * total)
}

/** The limit for a row, from the distance within which so many samples of the reference lie. */
function limitOf(common: number): number {
  let seen = 0
  for (let bits = 0; bits < ALIKE_BITS; bits++) {
    seen += histogram[bits] as number
    if (seen >= common) return Math.max(LEAST_LIMIT, RIVAL_RATIO * bits)
  }
  return ALIKE_BITS
}

function weighHits(
  draft: Draft,
  {
    query,
    ref,
    queryHits,
    refHits,
    limits,
    share,
  }: {
    query: PictureLane
    ref: PictureLane
    queryHits: Float64Array
    refHits: Float64Array
    limits: Float32Array
    share: number
  },
): PictureHits {
  const size = draft.bits.length
  const queryNorm = Float32Array.from(queryHits, (hits) => Math.max(hits, 1) ** -COMMON_POWER)
  const refNorm = Float32Array.from(refHits, (hits) => Math.max(hits * share, 1) ** -COMMON_POWER)
  fillUnseen(queryNorm, limits, query)
  const first = (i: number) => (ref.firstOf[draft.refRuns[i] as number] as number) * ref.stepMs
  const last = (i: number) =>
    first(i) + ((ref.samplesOf[draft.refRuns[i] as number] as number) - 1) * ref.stepMs
  const index = Array.from({ length: size }, (_, i) => i)
  const hits: Hits = {
    size,
    queryMs: Float64Array.from(draft.queryMs),
    refFromMs: Float64Array.from(index, first),
    refToMs: Float64Array.from(index, last),
    weight: Float32Array.from(
      index,
      (i) =>
        likeness(draft.bits[i] as number, limits[draft.runs[i] as number] as number) *
        (queryNorm[draft.runs[i] as number] as number) *
        (refNorm[draft.refRuns[i] as number] as number),
    ),
  }
  return { hits, queryNorm, refNorm, limits }
}

/** Runs between the compared rows take the values of the compared run before them. */
function fillUnseen(norm: Float32Array, limits: Float32Array, lane: PictureLane): void {
  let lastNorm = 1
  let lastLimit = ALIKE_BITS
  for (const run of lane.runAt) {
    if (run < 0) continue
    if ((limits[run] as number) > 0) {
      lastNorm = norm[run] as number
      lastLimit = limits[run] as number
    } else {
      norm[run] = lastNorm
      limits[run] = lastLimit
    }
  }
}
