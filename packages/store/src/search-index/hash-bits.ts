/**
 * A 256-bit hash as text that PostgreSQL's `bit(256)` reads, as hexadecimal digits, a quarter as long as the bits: word 0
 * first, each word's most significant digit first. The npm package pgvector leaves bit strings to their text form.
 *
 * @example toBits(new Uint32Array([0x80000000, 0, 0, 0, 0, 0, 0, 1])) // 'x8000…0001'
 */
export function toBits(hash: Uint32Array): string {
  if (hash.length !== HASH_WORDS) throw new RangeError(`A hash has ${HASH_WORDS} words, not ${hash.length}.`)
  let digits = 'x'
  for (const word of hash) digits += word.toString(16).padStart(8, '0')
  return digits
}

const HASH_WORDS = 8

/**
 * Numbers or `toBits` as the text of a PostgreSQL array. `pg` writes arrays too, but looks at each element for what it
 * might have to quote: thirteen thousand cells of a search took it 2 ms.
 */
export function toArray(values: readonly (number | string)[]): string {
  return `{${values.join(',')}}`
}
