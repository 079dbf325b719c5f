/** Number of set bits of a 32-bit word. */
export function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/**
 * Bits in which two 256-bit hashes differ, 0 to 256. The offsets are in words, for hashes that lie packed in one
 * array.
 * @example hammingDistance(track.hashes, query.hashes, 8 * run, 8 * queryRun)
 */
export function hammingDistance(a: Uint32Array, b: Uint32Array, aOffset = 0, bOffset = 0): number {
  let distance = 0
  for (let word = 0; word < 8; word++) {
    distance += popcount((a[aOffset + word] as number) ^ (b[bOffset + word] as number))
  }
  return distance
}
