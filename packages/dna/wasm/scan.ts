// Compares one hash with many, two hundred million times in a long search: WebAssembly SIMD, in AssemblyScript.
// `npm run build:wasm` compiles it into src/hash/scan-module.ts. Tests compare it with the plain versions in
// reference/early-exit-distance.ts and src/hash/hamming.ts.

/** A hash is rejected when this many of its lowest 96 bits differ; as in early-exit-distance.ts. */
const REJECT_LOW_BITS: i32 = 47

/** Number of set bits in each of the four words. */
@inline
function countWords(bits: v128): v128 {
  return i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(i8x16.popcnt(bits)))
}

/** Distance of two hashes of 32 bytes, or 256 where their three words of lowest frequencies differ too much. */
@inline
function earlyExitDistance(high: v128, low: v128, hash: usize): i32 {
  const lower = countWords(v128.xor(low, v128.load(hash, 16)))
  const middle = i32x4.extract_lane(lower, 0)
  const lowest = i32x4.extract_lane(lower, 1) + i32x4.extract_lane(lower, 2) + i32x4.extract_lane(lower, 3)
  if (lowest >= REJECT_LOW_BITS) return 256
  const upper = countWords(v128.xor(high, v128.load(hash)))
  return (
    lowest +
    middle +
    i32x4.extract_lane(upper, 0) +
    i32x4.extract_lane(upper, 1) +
    i32x4.extract_lane(upper, 2) +
    i32x4.extract_lane(upper, 3)
  )
}

/** The smallest distance between `target` and `count` hashes; 256 where there are none. */
export function nearest(target: usize, hashes: usize, count: i32): i32 {
  const high = v128.load(target)
  const low = v128.load(target, 16)
  let least = 256
  for (let i = 0; i < count; i++) {
    const bits = earlyExitDistance(high, low, hashes + ((<usize>i) << 5))
    if (bits < least) least = bits
  }
  return least
}

/** Writes index and distance (two words) of each hash at a distance below `limit`. Returns how many there are. */
export function near(target: usize, hashes: usize, count: i32, limit: i32, out: usize): i32 {
  const high = v128.load(target)
  const low = v128.load(target, 16)
  let found = 0
  for (let i = 0; i < count; i++) {
    const bits = earlyExitDistance(high, low, hashes + ((<usize>i) << 5))
    if (bits >= limit) continue
    store<i32>(out + ((<usize>found) << 3), i)
    store<i32>(out + ((<usize>found) << 3), bits, 4)
    found++
  }
  return found
}

/**
 * The same for 32-bit sub-fingerprints; also counts all distances in a histogram of 33 words. Up to three items beyond the
 * last are read.
 */
export function nearItems(item: i32, items: usize, count: i32, limit: i32, out: usize, histogram: usize): i32 {
  const target = i32x4.splat(item)
  let found = 0
  for (let i = 0; i < count; i += 4) {
    const bits = countWords(v128.xor(target, v128.load(items + ((<usize>i) << 2))))
    found = record(i32x4.extract_lane(bits, 0), i, limit, out, histogram, found)
    if (i + 1 < count) found = record(i32x4.extract_lane(bits, 1), i + 1, limit, out, histogram, found)
    if (i + 2 < count) found = record(i32x4.extract_lane(bits, 2), i + 2, limit, out, histogram, found)
    if (i + 3 < count) found = record(i32x4.extract_lane(bits, 3), i + 3, limit, out, histogram, found)
  }
  return found
}

@inline
function record(bits: i32, i: i32, limit: i32, out: usize, histogram: usize, found: i32): i32 {
  const seen = histogram + ((<usize>bits) << 2)
  store<i32>(seen, load<i32>(seen) + 1)
  if (bits >= limit) return found
  store<i32>(out + ((<usize>found) << 3), i)
  store<i32>(out + ((<usize>found) << 3), bits, 4)
  return found + 1
}
