import { errorRateAt } from './bit-error-rates.ts'
import { DCT_SIDE } from './dct.ts'
import { HASH_WORDS } from './hamming.ts'

/** Bits of a frame hash. */
const HASH_BITS = DCT_SIDE * DCT_SIDE

const scratch = new Float64Array(HASH_BITS)

/** The lower median of 256 coefficients (the 128th smallest), which the reference's Torben search also returns. */
export function lowerMedian(coefficients: Float64Array): number {
  scratch.set(coefficients)
  const rank = HASH_BITS / 2 - 1
  let low = 0
  let high = HASH_BITS - 1
  // Hoare's quickselect. It terminates because every round moves `low` or `high` towards the other.
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
 * One bit per coefficient: whether it is greater than the median. Bit i*16+j of the hash belongs to coefficient
 * [i*16+j]. The highest bit, which the reference prints first, is the top bit of word 0.
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
 * Bit error rates in 256ths, by the distance of a coefficient from the median as a share of the mean distance. Measured
 * on 900 pairs of frames of attacked copies.
 */
const ERROR_RATES = [105, 72, 64, 49, 26, 13, 4]

/**
 * Error rate of each of the 256 bits in copies, in 256ths, in the order of the hash's bits (top bit of word 0 first). A
 * coefficient near the median easily crosses it.
 */
export function bitErrorRatesOf(coefficients: Float64Array, median: number): Uint8Array {
  let sum = 0
  for (let i = 0; i < HASH_BITS; i++) sum += Math.abs((coefficients[i] as number) - median)
  const mean = sum / HASH_BITS || 1
  const bitErrorRates = new Uint8Array(HASH_BITS)
  for (let i = 0; i < HASH_BITS; i++) {
    const margin = Math.abs((coefficients[i] as number) - median) / mean
    bitErrorRates[HASH_BITS - 1 - i] = errorRateAt(margin, ERROR_RATES)
  }
  return bitErrorRates
}
