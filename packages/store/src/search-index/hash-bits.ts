const HASH_WORDS = 8

/**
 * Formats a 256-bit hash as input for PostgreSQL's `bit(256)`: `x` and 64 hexadecimal digits, word 0 first and the most
 * significant digit of each word first.
 *
 * @throws RangeError if the hash does not have eight 32-bit words.
 *
 * @example toBits(new Uint32Array([0x80000000, 0, 0, 0, 0, 0, 0, 1])) // 'x8000…0001'
 */
export function toBits(hash: Uint32Array): string {
  if (hash.length !== HASH_WORDS) throw new RangeError(`A hash has ${HASH_WORDS} words, not ${hash.length}.`)
  let digits = 'x'
  for (const word of hash) digits += word.toString(16).padStart(8, '0')
  return digits
}
