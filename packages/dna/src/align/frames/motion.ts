import { HASH_WORDS, hashDistance, popcount } from '../../hash/hamming.ts'

/** Changes between two moments of the query and the same two moments of the reference, summed over samples. */
export type MotionSum = {
  dot: number
  query: number
  ref: number
  samples: number
  /** Number of samples at which at least one side is still. */
  still: number
  /** Bits that change alike; a sample adds at most MAX_ALIKE_BITS. */
  alike: number
}

/** A picture is still between two moments if fewer bits than this change, which coding alone can cause. */
export const STILL_CHANGE_BITS = 10
/** A change counts as at most this many bits, however much of the picture changes. */
const MAX_ALIKE_BITS = 30

/** A sum over no samples. */
export function emptyMotion(): MotionSum {
  return { dot: 0, query: 0, ref: 0, samples: 0, still: 0, alike: 0 }
}

type Moments = { readonly hashes: Uint32Array; readonly before: number; readonly after: number }

/**
 * Adds one pair of moments. The dot product of the signed bit differences: bits that rise or fall in both videos count
 * for a match, bits that rise in one and fall in the other count against it. Two takes of one scene look alike, but
 * their moment-to-moment changes are unrelated, and the products cancel out.
 */
export function addMotion(sum: MotionSum, query: Moments, ref: Moments): void {
  let dot = 0
  for (let word = 0; word < HASH_WORDS; word++) {
    const q0 = query.hashes[query.before * HASH_WORDS + word] ?? 0
    const q1 = query.hashes[query.after * HASH_WORDS + word] ?? 0
    const r0 = ref.hashes[ref.before * HASH_WORDS + word] ?? 0
    const r1 = ref.hashes[ref.after * HASH_WORDS + word] ?? 0
    const both = (q0 ^ q1) & (r0 ^ r1)
    const changed = popcount(both >>> 0)
    dot += changed - 2 * popcount((both & (q0 ^ r0)) >>> 0)
  }
  const queryBits = hashDistance(query.hashes, query.before, { b: query.hashes, j: query.after })
  const refBits = hashDistance(ref.hashes, ref.before, { b: ref.hashes, j: ref.after })
  sum.dot += dot
  sum.query += queryBits
  sum.ref += refBits
  sum.samples++
  if (Math.min(queryBits, refBits) < STILL_CHANGE_BITS) sum.still++
  sum.alike += Math.min(dot, MAX_ALIKE_BITS)
}

/** Share of samples, 0 to 1, at which the picture is still; 1 if there are no samples. */
export function stillShare({ still, samples }: MotionSum): number {
  return samples > 0 ? still / samples : 1
}

/** Cosine of the changes, -1 to 1; 0 if the picture is still. */
export function motionCosine({ dot, query, ref }: MotionSum): number {
  return query > 0 && ref > 0 ? dot / Math.sqrt(query * ref) : 0
}

/** Mean number of bits that change per sample, on the side with fewer changes. */
export function motionBits({ query, ref, samples }: MotionSum): number {
  return samples > 0 ? Math.min(query, ref) / samples : 0
}
