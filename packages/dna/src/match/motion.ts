import { HASH_WORDS, hashDistance, popcount } from './hamming.ts'

/** What moves between two moments of the query and the same two moments of the reference. */
export type MotionSum = {
  dot: number
  query: number
  ref: number
  samples: number
  /** Samples at which nothing moves on one side at least. */
  still: number
  /** Bits that change alike; no sample adds more than a picture that changes as a whole tells. */
  alike: number
}

/** Under so many changing bits between two moments a picture stands still: what coding makes of one. */
const STILL_CHANGE_BITS = 10
/** A change tells that much at most, however much of the picture it takes. */
const MOST_ALIKE_BITS = 30

export function emptyMotion(): MotionSum {
  return { dot: 0, query: 0, ref: 0, samples: 0, still: 0, alike: 0 }
}

type Moments = { readonly hashes: Uint32Array; readonly before: number; readonly after: number }

/**
 * Adds one pair of moments. Bits that rise in both or fall in both count for, bits that rise in one and fall in
 * the other against: the dot product of the signed differences. Two takes of one scene share the look, but what
 * changes in them from moment to moment is unrelated, and their products cancel.
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
  sum.alike += Math.min(dot, MOST_ALIKE_BITS)
}

/** Share of the samples, 0..1, at which nothing moves; 1 where there are none. */
export function stillShare({ still, samples }: MotionSum): number {
  return samples > 0 ? still / samples : 1
}

/** Cosine of the changes, -1..1; 0 where nothing moves. */
export function motionCosine({ dot, query, ref }: MotionSum): number {
  return query > 0 && ref > 0 ? dot / Math.sqrt(query * ref) : 0
}

/** Bits that change in a second, the smaller of the two sides. */
export function motionBits({ query, ref, samples }: MotionSum): number {
  return samples > 0 ? Math.min(query, ref) / samples : 0
}
