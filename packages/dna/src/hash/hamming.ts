/** 32-bit words in one frame hash (256 bits). */
export const HASH_WORDS = 8

/**
 * Two frame hashes match when fewer bits than this differ, of 256. Unrelated frames differ in more than 96 bits
 * (measured).
 */
export const MATCH_THRESHOLD_BITS = 92

/** Number of set bits in a 32-bit word. Source: Warren, Hacker's Delight, figure 5-2. */
export function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/**
 * Hamming distance, 0 to 256, between hash `i` of `a` and hash `j` of `b` (flat arrays, eight words a hash). Words
 * beyond the end of an array count as zero.
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
