import { bitErrorRatesOf, bitsAboveMedian, lowerMedian } from './hash-bits.ts'

/** The hash of one frame, and how much detail it is based on. */
export type FrameHash = {
  /** Eight 32-bit words, most significant first, as the reference prints them. */
  readonly hash: Uint32Array
  /** PDQ quality: sum of significant gradients, 0 (blank) to 100. */
  readonly quality: number
  /** Error rate of each of the 256 bits in copies, in 256ths; only on request. */
  readonly bitErrorRates?: Uint8Array
}

/**
 * Frames of lower PDQ quality count as blank: evidence neither for nor against a copy. The reference suggests 50 for
 * still images, but alignment over time works with far plainer frames.
 */
export const BLANK_QUALITY = 6

/** Divisor of the gradient sum. Source: `pdqImageDomainQualityMetric` of the reference. */
const QUALITY_DIVISOR = 90

/**
 * Returns the PDQ hash of 256 DCT coefficients and of a gradient sum in percent of full scale. `withBitErrorRates` adds
 * the rates that a query needs to probe the candidate index.
 */
export function hashCoefficients(
  coefficients: Float64Array,
  { percents, withBitErrorRates }: { readonly percents: number; readonly withBitErrorRates: boolean },
): FrameHash {
  const median = lowerMedian(coefficients)
  const hash = bitsAboveMedian(coefficients, median)
  const quality = Math.min(100, Math.trunc(percents / QUALITY_DIVISOR))
  return withBitErrorRates
    ? { hash, quality, bitErrorRates: bitErrorRatesOf(coefficients, median) }
    : { hash, quality }
}
