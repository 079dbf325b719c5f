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
}

/** Weight 0..1 of two frames at a distance. */
export function likeness(bits: number): number {
  return Math.max(0, (ALIKE_BITS - bits) / ALIKE_BITS)
}

type Draft = {
  readonly queryMs: number[]
  readonly runs: number[]
  readonly refRuns: number[]
  readonly weight: number[]
}

/** Compares the query's frames with the reference's runs. `mask` turns the query's hashes (mirrored). */
export function pictureHits(query: PictureLane, ref: PictureLane, { mask }: { mask: number }): PictureHits {
  const draft: Draft = { queryMs: [], runs: [], refRuns: [], weight: [] }
  const stride = Math.max(1, Math.ceil((query.runAt.length * ref.runs) / MAX_COMPARISONS))
  const rows = Math.ceil(query.runAt.length / stride)
  const queryHits = new Float64Array(query.runs)
  const refHits = new Float64Array(ref.runs)
  let done = 0
  for (let pass = 0; pass < PASSES && draft.weight.length < MAX_HITS; pass++) {
    for (let row = pass; row < rows && draft.weight.length < MAX_HITS; row += PASSES) {
      compareRow(query, ref, { row: row * stride, mask, draft, queryHits, refHits })
      done++
    }
  }
  const share = done > 0 ? query.runAt.length / done : 1
  return weighHits(draft, { query, ref, queryHits, refHits, share })
}

type RowWork = {
  readonly row: number
  readonly mask: number
  readonly draft: Draft
  readonly queryHits: Float64Array
  readonly refHits: Float64Array
}

function compareRow(
  query: PictureLane,
  ref: PictureLane,
  { row, mask, draft, queryHits, refHits }: RowWork,
): void {
  const run = query.runAt[row] ?? -1
  if (run < 0) return
  const probe = query.hashes.slice(run * HASH_WORDS, (run + 1) * HASH_WORDS).map((word) => word ^ mask)
  let seen = 0
  for (let other = 0; other < ref.runs; other++) {
    const samples = ref.samplesOf[other] as number
    if (samples === 0) continue
    const bits = likelyDistance(probe, ref.hashes, other)
    if (bits >= ALIKE_BITS) continue
    draft.queryMs.push(row * query.stepMs)
    draft.runs.push(run)
    draft.refRuns.push(other)
    draft.weight.push(likeness(bits))
    seen += samples
    refHits[other] = (refHits[other] as number) + 1
  }
  queryHits[run] = seen
}

function weighHits(
  draft: Draft,
  {
    query,
    ref,
    queryHits,
    refHits,
    share,
  }: {
    query: PictureLane
    ref: PictureLane
    queryHits: Float64Array
    refHits: Float64Array
    share: number
  },
): PictureHits {
  const size = draft.weight.length
  const queryNorm = Float32Array.from(queryHits, (hits) => Math.max(hits, 1) ** -COMMON_POWER)
  const refNorm = Float32Array.from(refHits, (hits) => Math.max(hits * share, 1) ** -COMMON_POWER)
  fillUnseen(queryNorm, queryHits, query)
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
        (draft.weight[i] as number) *
        (queryNorm[draft.runs[i] as number] as number) *
        (refNorm[draft.refRuns[i] as number] as number),
    ),
  }
  return { hits, queryNorm, refNorm }
}

/** Runs between the compared rows take the norm of the compared run before them. */
function fillUnseen(norm: Float32Array, queryHits: Float64Array, lane: PictureLane): void {
  let last = 1
  for (let i = 0; i < lane.runAt.length; i++) {
    const run = lane.runAt[i] as number
    if (run < 0) continue
    if ((queryHits[run] as number) > 0) last = norm[run] as number
    else norm[run] = last
  }
}
