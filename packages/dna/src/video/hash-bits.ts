import { chanceAt } from '../bit-chances.ts'
import { HASH_WORDS } from '../match/hamming.ts'
import { DCT_SIDE } from './dct.ts'

/** Bits of a frame hash. */
const HASH_BITS = DCT_SIDE * DCT_SIDE

const scratch = new Float64Array(HASH_BITS)

/**
 * The lower median of 256 coefficients (the 128th smallest), which is what the reference's Torben search
 * returns for an even count.
 */
export function lowerMedian(coefficients: Float64Array): number {
  scratch.set(coefficients)
  const rank = HASH_BITS / 2 - 1
  let low = 0
  let high = HASH_BITS - 1
  // Hoare's quickselect: ends because every round moves `low` or `high` towards the other.
  while (low < high) {
    const pivot = scratch[rank] as number
    let i = low
    let j = high
    while (i <= j) {
      while ((scratch[i] as number) < pivot) i++
      while ((scratch[j] as number) > pivot) j--
      if (i > j) break
      const swapped = scratch[i] as number
      scratch[i] = scratch[j] as number
      scratch[j] = swapped
      i++
      j--
    }
    if (j < rank) low = i
    if (rank < i) high = j
  }
  return scratch[rank] as number
}

/**
 * One bit a coefficient: is it greater than their median? Bit i*16+j of the hash is coefficient [i*16+j]; the
 * highest bit is the first that the reference prints, so it is the top bit of word 0.
 */
export function bitsAboveMedian(coefficients: Float64Array, median = lowerMedian(coefficients)): Uint32Array {
  const hash = new Uint32Array(HASH_WORDS)
  for (let word = 0; word < HASH_WORDS; word++) {
    const base = HASH_BITS - 32 * (word + 1)
    let bits = 0
    for (let bit = 0; bit < 32; bit++) {
      if ((coefficients[base + bit] as number) > median) bits |= 1 << bit
    }
    hash[word] = bits
  }
  return hash
}

/**
 * How often a coefficient's bit differs in a copy (bit-chances.ts), by its distance from the median as a share of their
 * mean distance: measured on 900 pairs of frames of attacked copies.
 */
const CHANCES = [105, 72, 64, 49, 26, 13, 4]

/**
 * How likely each of the 256 bits is to differ in a copy, in 256ths, in the order of the hash's bits (the top bit of
 * word 0 first): a coefficient near to the median falls on its other side easily.
 */
export function bitDoubts(coefficients: Float64Array, median: number): Uint8Array {
  let sum = 0
  for (let i = 0; i < HASH_BITS; i++) sum += Math.abs((coefficients[i] as number) - median)
  const mean = sum / HASH_BITS || 1
  const doubts = new Uint8Array(HASH_BITS)
  for (let i = 0; i < HASH_BITS; i++) {
    const margin = Math.abs((coefficients[i] as number) - median) / mean
    doubts[HASH_BITS - 1 - i] = chanceAt(margin, CHANCES)
  }
  return doubts
}
