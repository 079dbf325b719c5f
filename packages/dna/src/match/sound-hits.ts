import { popcount } from './hamming.ts'
import { ITEM_MS, type SoundLane } from './sound-lane.ts'
import type { Hits } from './vote-lines.ts'

/** Two sub-fingerprints of 32 bits are alike up to this many differing bits; unrelated ones differ in 14.4. */
const ALIKE_ITEM_BITS = 8
/** Bound on comparisons: 20 s against 30 min needs 2.3 million. */
const MAX_COMPARISONS = 16_000_000
const MAX_HITS = 600_000
const PASSES = 8
/** Exponent by which sound that repeats counts less; as for pictures. */
const COMMON_POWER = 0.25

/** Pairs of like sub-fingerprints that are lively enough to tell anything. */
export function soundHits(query: SoundLane, ref: SoundLane): Hits {
  const stride = Math.max(1, Math.ceil((query.items.length * ref.items.length) / MAX_COMPARISONS))
  const rows = Math.ceil(query.items.length / stride)
  const queryMs: number[] = []
  const refMs: number[] = []
  const weight: number[] = []
  for (let pass = 0; pass < PASSES && weight.length < MAX_HITS; pass++) {
    for (let row = pass; row < rows && weight.length < MAX_HITS; row += PASSES) {
      const item = row * stride
      const lively = query.lively[item] as number
      if (lively === 0) continue
      const first = weight.length
      for (let other = 0; other < ref.items.length; other++) {
        const bits = popcount(((query.items[item] as number) ^ (ref.items[other] as number)) >>> 0)
        if (bits >= ALIKE_ITEM_BITS || ref.lively[other] === 0) continue
        queryMs.push(query.startMs + item * ITEM_MS)
        refMs.push(ref.startMs + other * ITEM_MS)
        weight.push((1 - bits / ALIKE_ITEM_BITS) * lively * (ref.lively[other] as number))
      }
      const norm = Math.max(weight.length - first, 1) ** -COMMON_POWER
      for (let i = first; i < weight.length; i++) weight[i] = (weight[i] as number) * norm
    }
  }
  return {
    size: weight.length,
    queryMs: Float64Array.from(queryMs),
    refFromMs: Float64Array.from(refMs),
    refToMs: Float64Array.from(refMs),
    weight: Float32Array.from(weight),
  }
}
