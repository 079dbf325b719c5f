import { ITEM_MS } from '../../audio/chromaprint.ts'
import type { AudioTimeline } from '../../fingerprint/audio-timeline.ts'
import { scanner } from '../../hash/scanner.ts'
import type { Hits } from '../lines/hough-peaks.ts'

/** Two 32-bit sub-fingerprints match below this many differing bits; unrelated ones differ in 14.4. */
export const MATCH_THRESHOLD_ITEM_BITS = 8
/** Limits on work: 20 s against 30 min takes 2.3 million comparisons. */
const MAX_COMPARISONS = 16_000_000
const MAX_HITS = 600_000
/** Number of interleaved passes, so that even a full hit table covers the whole query. */
const PASSES = 8
/** Exponent that lowers the weight of repetitive audio, as for frames. */
const COMMON_POWER = 0.25

/** Bit difference at which an item is neutral: 0.35 of 32 bits. Unrelated audio differs in 0.45 (both measured). */
export const NEUTRAL_BITS = 11.2
/**
 * If at least this share of the reference is closer than the neutral difference, the reference repeats itself (a beep,
 * a loop). An item must then match better than the repetitions by this ratio.
 */
const COMMON_SHARE = 0.25
const RIVAL_RATIO = 1.15
const MIN_NEUTRAL_BITS = 3

export type AudioHits = {
  /** Pairs of matching items. */
  readonly hits: Hits
  /** For each query item, the number of differing bits that counts neither for nor against a match. */
  readonly neutral: Float32Array
}

/** Returns pairs of matching sub-fingerprints that are lively enough to be evidence. */
export function audioHits(query: AudioTimeline, ref: AudioTimeline): AudioHits {
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
      const { finds, histogram } = scanner.nearItems(query.items[item] as number, MATCH_THRESHOLD_ITEM_BITS)
      for (let at = 0; at < finds.length; at += 2) {
        const other = finds[at] as number
        const bits = finds[at + 1] as number
        if (ref.lively[other] === 0) continue
        queryMs.push(query.startMs + item * ITEM_MS)
        refMs.push(ref.startMs + other * ITEM_MS)
        weight.push((1 - bits / MATCH_THRESHOLD_ITEM_BITS) * lively * (ref.lively[other] as number))
      }
      neutral[item] = neutralOf(histogram, COMMON_SHARE * ref.items.length)
      const norm = Math.max(weight.length - first, 1) ** -COMMON_POWER
      for (let i = first; i < weight.length; i++) weight[i] = (weight[i] as number) * norm
    }
  }
  fillSkipped(neutral)
  const hits = {
    size: weight.length,
    queryMs: Float64Array.from(queryMs),
    refFromMs: Float64Array.from(refMs),
    refToMs: Float64Array.from(refMs),
    weight: Float32Array.from(weight),
  }
  return { hits, neutral }
}

/** Neutral distance of an item, given the distance within which `common` reference items fall. */
function neutralOf(histogram: Uint32Array, common: number): number {
  let seen = 0
  for (let bits = 0; bits < NEUTRAL_BITS; bits++) {
    seen += histogram[bits] as number
    if (seen >= common) return Math.min(NEUTRAL_BITS, Math.max(MIN_NEUTRAL_BITS, RIVAL_RATIO * bits))
  }
  return NEUTRAL_BITS
}

/** Fills items that were not compared with the value of the preceding item. */
function fillSkipped(neutral: Float32Array): void {
  let last = NEUTRAL_BITS
  for (let item = 0; item < neutral.length; item++) {
    if (neutral[item] === 0) neutral[item] = last
    else last = neutral[item] as number
  }
}
