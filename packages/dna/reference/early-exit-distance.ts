import { HASH_WORDS } from '../src/hash/hamming.ts'

/** Bit counts, 0 to 4, of the eight nibbles of a word. */
function nibbleCounts(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  return (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
}

/** Sum of the nibble counts of three words (at most 12 a nibble). */
function sumNibbles(counts: number): number {
  return Math.imul((counts & 0x0f0f0f0f) + ((counts >>> 4) & 0x0f0f0f0f), 0x01010101) >>> 24
}

/** A hash is rejected when this many of its lowest 96 bits differ (unrelated frames: 48; matches at 92 bits: 35). */
const REJECT_LOW_BITS = 47

/**
 * Hamming distance between `hash` (eight words) and hash `j` of `hashes`, or 256 when the three words of the lowest
 * frequencies already differ too much. Low frequencies survive blur and noise, so the early exit rejects two of three
 * unrelated frames. The oracle for wasm/scan.ts.
 */
export function earlyExitDistance(hash: Uint32Array, hashes: Uint32Array, j: number): number {
  const at = j * HASH_WORDS
  const low =
    nibbleCounts((hash[7] as number) ^ (hashes[at + 7] as number)) +
    nibbleCounts((hash[6] as number) ^ (hashes[at + 6] as number)) +
    nibbleCounts((hash[5] as number) ^ (hashes[at + 5] as number))
  const bits = sumNibbles(low)
  if (bits >= REJECT_LOW_BITS) return 256
  const middle =
    nibbleCounts((hash[4] as number) ^ (hashes[at + 4] as number)) +
    nibbleCounts((hash[3] as number) ^ (hashes[at + 3] as number)) +
    nibbleCounts((hash[2] as number) ^ (hashes[at + 2] as number))
  const high =
    nibbleCounts((hash[1] as number) ^ (hashes[at + 1] as number)) +
    nibbleCounts((hash[0] as number) ^ (hashes[at] as number))
  return bits + sumNibbles(middle) + sumNibbles(high)
}
