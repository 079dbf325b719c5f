import { scanner } from './scanner.ts'
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

/** Differing bits at which an item says nothing, .35 of 32; unrelated sound differs in .45 (both measured). */
const NEUTRAL_BITS = 11.2
/**
 * Where this share of the whole reference lies nearer than that, the reference repeats itself (a beep, a loop), and an
 * item must fit better than its repetitions do.
 */
const COMMON_SHARE = 0.25
const RIVAL_RATIO = 1.15
const LEAST_NEUTRAL_BITS = 3

/** Pairs of like items, and how much each item of the query tells. */
export type SoundHits = {
  readonly hits: Hits
  /** Differing bits at which each item of the query says nothing, neither for nor against. */
  readonly neutral: Float32Array
}

/** Pairs of like sub-fingerprints that are lively enough to tell anything. */
export function soundHits(query: SoundLane, ref: SoundLane): SoundHits {
  const neutral = new Float32Array(query.items.length)
  scanner.loadItems(ref.items)
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
      const { finds, histogram } = scanner.nearItems(query.items[item] as number, ALIKE_ITEM_BITS)
      for (let at = 0; at < finds.length; at += 2) {
        const other = finds[at] as number
        const bits = finds[at + 1] as number
        if (ref.lively[other] === 0) continue
        queryMs.push(query.startMs + item * ITEM_MS)
        refMs.push(ref.startMs + other * ITEM_MS)
        weight.push((1 - bits / ALIKE_ITEM_BITS) * lively * (ref.lively[other] as number))
      }
      neutral[item] = neutralOf(histogram, COMMON_SHARE * ref.items.length)
      const norm = Math.max(weight.length - first, 1) ** -COMMON_POWER
      for (let i = first; i < weight.length; i++) weight[i] = (weight[i] as number) * norm
    }
  }
  fillUnseen(neutral)
  const hits = {
    size: weight.length,
    queryMs: Float64Array.from(queryMs),
    refFromMs: Float64Array.from(refMs),
    refToMs: Float64Array.from(refMs),
    weight: Float32Array.from(weight),
  }
  return { hits, neutral }
}

/** The distance within which so many items of the reference lie, within bounds. */
function neutralOf(histogram: Uint32Array, common: number): number {
  let seen = 0
  for (let bits = 0; bits < NEUTRAL_BITS; bits++) {
    seen += histogram[bits] as number
    if (seen >= common) return Math.min(NEUTRAL_BITS, Math.max(LEAST_NEUTRAL_BITS, RIVAL_RATIO * bits))
  }
  return NEUTRAL_BITS
}

/** Items that were not compared take the value of the one before them. */
function fillUnseen(neutral: Float32Array): void {
  let last = NEUTRAL_BITS
  for (let item = 0; item < neutral.length; item++) {
    if (neutral[item] === 0) neutral[item] = last
    else last = neutral[item] as number
  }
}
