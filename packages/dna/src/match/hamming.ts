/** Words of 32 bits in one picture hash (256 bits). */
export const HASH_WORDS = 8

/** Number of set bits of a 32-bit word. Source: Hacker's Delight, figure 5-2. */
export function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/**
 * Differing bits, 0..256, between hash `i` of `a` and hash `j` of `b` (flat arrays, eight words a hash). Words outside the arrays count as zero.
 */
export function hashDistance(a: Uint32Array, i: number, { b, j }: { b: Uint32Array; j: number }): number {
  const x = i * HASH_WORDS
  const y = j * HASH_WORDS
  let bits = 0
  for (let word = 0; word < HASH_WORDS; word++) {
    bits += popcount(((a[x + word] ?? 0) ^ (b[y + word] ?? 0)) >>> 0)
  }
  return bits
}

/** Nibbles that hold the bit counts of a word's nibbles, 0..4 each. */
function nibbleCounts(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  return (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
}

/** Sums three words' nibble counts (at most 12 a nibble). */
function sumNibbles(counts: number): number {
  return Math.imul((counts & 0x0f0f0f0f) + ((counts >>> 4) & 0x0f0f0f0f), 0x01010101) >>> 24
}

/** Differing bits of the lowest 96 from which the whole hash is taken to be unlike (unrelated: 48, at 92 of 256: 35). */
const UNLIKE_LOW_BITS = 47

/**
 * Distance between `probe` (eight words) and hash `j` of `hashes`, or 256 as soon as the three words of the lowest
 * frequencies differ too much: those are what survives blur and noise, and they turn two of three unrelated
 * frames away early.
 */
export function likelyDistance(probe: Uint32Array, hashes: Uint32Array, j: number): number {
  const at = j * HASH_WORDS
  const low =
    nibbleCounts((probe[7] as number) ^ (hashes[at + 7] as number)) +
    nibbleCounts((probe[6] as number) ^ (hashes[at + 6] as number)) +
    nibbleCounts((probe[5] as number) ^ (hashes[at + 5] as number))
  const bits = sumNibbles(low)
  if (bits >= UNLIKE_LOW_BITS) return 256
  const middle =
    nibbleCounts((probe[4] as number) ^ (hashes[at + 4] as number)) +
    nibbleCounts((probe[3] as number) ^ (hashes[at + 3] as number)) +
    nibbleCounts((probe[2] as number) ^ (hashes[at + 2] as number))
  const high =
    nibbleCounts((probe[1] as number) ^ (hashes[at + 1] as number)) +
    nibbleCounts((probe[0] as number) ^ (hashes[at] as number))
  return bits + sumNibbles(middle) + sumNibbles(high)
}
