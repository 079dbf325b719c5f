// Compares the descriptors of the keypoints of two frames, in AssemblyScript: all pairs, a hundred million times in a long
// search. `npm run build:wasm` compiles it into src/local/match-module.ts. A test compares it with the plain version in
// reference/plain-descriptor-matches.ts.

/**
 * Writes one word for each pair of descriptors (16 bytes each) that differ in at most `limit` bits: the index in the
 * query times 65,536, plus the index in the reference times 256, plus the bits. Returns the number of words.
 */
export function matches(
  query: usize,
  queryCount: i32,
  ref: usize,
  refCount: i32,
  limit: i32,
  out: usize,
): i32 {
  let found = 0
  for (let i = 0; i < queryCount; i++) {
    const low = load<u64>(query + ((<usize>i) << 4))
    const high = load<u64>(query + ((<usize>i) << 4), 8)
    for (let j = 0; j < refCount; j++) {
      const at = ref + ((<usize>j) << 4)
      const bits = <i32>(popcnt(low ^ load<u64>(at)) + popcnt(high ^ load<u64>(at, 8)))
      if (bits > limit) continue
      store<i32>(out + ((<usize>found) << 2), (i << 16) | (j << 8) | bits)
      found++
    }
  }
  return found
}
