import type { AudioTimeline } from '../../fingerprint/audio-timeline.ts'

/**
 * Mean share of differing bits between an item and the whole reference, from which a match counts at all, and from which
 * it counts in full. Measured: noise 0.18, a beep every second 0.20 to 0.26, sequenced music 0.31, other music and
 * speech 0.38 to 0.50.
 */
const COMMON_DIFFERENCE = 0.1
const VARIED_DIFFERENCE = 0.4
const BITS = 32

/**
 * Returns a function that weighs a stretch of the query's items, 0 to 1, by how surprising it is that they match the
 * reference. Items that resemble most of the reference, as in beeps, noise or a single chord, match by chance and count
 * little.
 */
export function audioSurprise(
  query: AudioTimeline,
  ref: AudioTimeline,
): (stretch: { readonly from: number; readonly to: number }) => number {
  const setShares = setSharesOf(ref)
  const differences = Float32Array.from(query.items, (item) => differenceFrom(item, setShares))
  return ({ from, to }) => {
    let sum = 0
    let weights = 0
    for (let item = from; item <= to; item++) {
      const lively = query.lively[item] ?? 0
      sum += lively * (differences[item] ?? 0)
      weights += lively
    }
    const difference = weights > 0 ? sum / weights : 0
    const share = (difference - COMMON_DIFFERENCE) / (VARIED_DIFFERENCE - COMMON_DIFFERENCE)
    return Math.min(1, Math.max(0, share))
  }
}

/** Share of the reference's lively items, 0 to 1, in which each bit is set; the lowest bit comes first. */
function setSharesOf({ items, lively }: AudioTimeline): Float64Array {
  const shares = new Float64Array(BITS)
  let weights = 0
  for (const [at, item] of items.entries()) {
    const weight = lively[at] as number
    if (weight === 0) continue
    weights += weight
    for (let bit = 0; bit < BITS; bit++)
      if ((item >>> bit) & 1) shares[bit] = (shares[bit] as number) + weight
  }
  return shares.map((sum) => sum / Math.max(1, weights))
}

/** Mean share of bits, 0 to 1, in which an item differs from the items that these shares describe. */
function differenceFrom(item: number, setShares: Float64Array): number {
  let sum = 0
  for (let bit = 0; bit < BITS; bit++) {
    const share = setShares[bit] as number
    sum += (item >>> bit) & 1 ? 1 - share : share
  }
  return sum / BITS
}
