import { popcount } from '../src/hash/hamming.ts'
import type { DescriptorMatch } from '../src/local/descriptor-matcher.ts'

const WORDS = 4

/** Pairs of descriptors that differ in at most `limit` bits. The oracle for wasm/match.ts. */
export function plainDescriptorMatches(
  query: Uint32Array,
  ref: Uint32Array,
  limit: number,
): DescriptorMatch[] {
  const found: DescriptorMatch[] = []
  for (let i = 0; i < query.length / WORDS; i++)
    for (let j = 0; j < ref.length / WORDS; j++) {
      let bits = 0
      for (let word = 0; word < WORDS; word++)
        bits += popcount(((query[WORDS * i + word] as number) ^ (ref[WORDS * j + word] as number)) >>> 0)
      if (bits <= limit) found.push({ query: i, ref: j, bits })
    }
  return found
}
