/**
 * A 256-bit hash as the text that PostgreSQL's `bit(256)` reads: word 0 first, each word's most significant bit
 * first. The npm package pgvector leaves bit strings to their text form, so this is all that is needed.
 *
 * @example toBits(new Uint32Array([0x80000000, 0, 0, 0, 0, 0, 0, 1])) // '1000…0001'
 */
export const toBits = (hash: Uint32Array): string => {
  if (hash.length !== HASH_WORDS) throw new RangeError(`A hash has ${HASH_WORDS} words, not ${hash.length}.`)
  let bits = ''
  for (const word of hash) bits += word.toString(2).padStart(32, '0')
  return bits
}

const HASH_WORDS = 8
