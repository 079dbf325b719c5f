import type { TimedHash } from './timed-hash.ts'

/** Number of bits in a bucket key. A library uses as many of them as its size requires. */
export const BUCKET_KEY_BITS = 24
/** Number of bits in a long key, which begins with the bucket key. Libraries over 100,000 hours need it. */
export const LONG_KEY_BITS = 32
/** The sub-fingerprint of an audio window that its key is taken from: one in the middle. */
export const KEY_ITEM = 3

/**
 * The hash bits that form the key, most significant first (bit 0 is the top bit of word 0). They differ least in
 * attacked copies (from 4 % up) and mostly belong to low frequencies. The database computes the same keys for the rows
 * it stores (see the migrations). The last eight belong to long keys only. They are the steadiest of the others that
 * depend little on the first 24; those of audio are in the last item of the window and the first.
 */
const KEY_BITS = {
  video: [
    204, 220, 233, 253, 237, 255, 206, 175, 234, 232, 236, 238, 205, 167, 252, 239, 218, 251, 171, 219, 216,
    254, 191, 190, 223, 250, 221, 174, 202, 186, 142, 173,
  ],
  audio: [
    ...[0, 12, 4, 2, 3, 28, 5, 29, 10, 11, 1, 30, 13, 8, 20, 16, 24, 6, 17, 26, 22, 9, 14, 31].map(
      (bit) => 32 * KEY_ITEM + bit,
    ),
    ...[226, 228, 2, 4, 236, 12, 235, 234],
  ],
} as const

/** Average error rates of these bits, in 256ths, used for hashes without their own rates. */
const MEAN_BIT_ERROR_RATES = {
  video: [
    11, 12, 13, 14, 14, 14, 14, 14, 15, 15, 15, 15, 15, 16, 16, 16, 16, 17, 17, 17, 17, 17, 18, 18, 19, 19,
    20, 20, 20, 20, 20, 20,
  ],
  audio: [
    7, 9, 9, 10, 9, 10, 12, 14, 17, 12, 15, 18, 21, 10, 22, 21, 19, 27, 26, 18, 23, 20, 17, 20, 10, 10, 10,
    10, 14, 14, 18, 18,
  ],
} as const

type IndexKind = keyof typeof KEY_BITS

/**
 * Returns the bucket key of a hash, 0 to 2^24 - 1. Hashes that agree in their most reliable bits have neighbouring
 * keys.
 */
export function bucketKeyOf(kind: IndexKind, hash: Uint32Array): number {
  return keyOf(kind, hash, BUCKET_KEY_BITS)
}

/** Returns the long key of a hash, a signed integer of 32 bits as in the database. */
export function longKeyOf(kind: IndexKind, hash: Uint32Array): number {
  return keyOf(kind, hash, LONG_KEY_BITS)
}

function keyOf(kind: IndexKind, hash: Uint32Array, length: number): number {
  return KEY_BITS[kind].slice(0, length).reduce((key, bit) => (key << 1) | bitOf(hash, bit), 0)
}

function bitOf(hash: Uint32Array, bit: number): number {
  return ((hash[bit >>> 5] ?? 0) >>> (31 - (bit & 31))) & 1
}

type BucketChoice = {
  /** Number of key bits that a bucket has in common, 0 to `keyLength`. */
  readonly keyBits: number
  readonly count: number
  /** Default: 24. */
  readonly keyLength?: typeof BUCKET_KEY_BITS | typeof LONG_KEY_BITS
}

/**
 * Returns the first keys of the buckets most likely to contain a copy of the hash, most likely first: its own, then
 * those that differ from it in its least reliable bits. A bucket is a range of 2^(keyLength - keyBits) keys, which
 * have 24 bits unless `keyLength` is 32. Returns `count`
 * buckets, or all 2^keyBits if there are fewer. The search expands sets of flipped bits in order of their cost. Source:
 * Lv et al., Multi-Probe LSH, VLDB 2007, section 4.4.
 */
export function multiProbeBuckets(
  kind: IndexKind,
  { hash, bitErrorRates }: TimedHash,
  { keyBits, count, keyLength = BUCKET_KEY_BITS }: BucketChoice,
): number[] {
  const own = keyOf(kind, hash, keyLength) & ~((1 << (keyLength - keyBits)) - 1)
  const flips = KEY_BITS[kind]
    .slice(0, keyBits)
    .map((bit, i) => ({
      mask: 1 << (keyLength - 1 - i),
      cost: costOf(bitErrorRates?.[bit] ?? (MEAN_BIT_ERROR_RATES[kind][i] as number)),
    }))
    .sort((a, b) => a.cost - b.cost)
  const buckets = [own]
  const [first] = flips
  const open = first ? [{ cost: first.cost, last: 0, mask: first.mask }] : []
  while (buckets.length < count) {
    const best = takeCheapest(open)
    if (!best) break
    buckets.push(own ^ best.mask)
    const next = flips[best.last + 1]
    const last = flips[best.last]
    if (!next || !last) continue
    // Each set of bits is reached exactly once: by adding the next bit to a set ("expand"), or by replacing its last
    // bit ("shift").
    open.push({ cost: best.cost + next.cost, last: best.last + 1, mask: best.mask | next.mask })
    open.push({
      cost: best.cost - last.cost + next.cost,
      last: best.last + 1,
      mask: (best.mask ^ last.mask) | next.mask,
    })
  }
  return buckets
}

/** Cost of flipping a bit: the logarithm of the odds that it is correct. */
function costOf(errorRate: number): number {
  const probability = Math.min(Math.max(errorRate, 1), 127) / 256
  return Math.log((1 - probability) / probability)
}

function takeCheapest<T extends { readonly cost: number }>(open: T[]): T | undefined {
  let best = 0
  for (let i = 1; i < open.length; i++) if ((open[i] as T).cost < (open[best] as T).cost) best = i
  const taken = open[best]
  const last = open.pop()
  if (taken !== last && last !== undefined) open[best] = last
  return taken
}
