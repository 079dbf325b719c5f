import { DCT_SIDE, dct16, LUMA_SIDE } from './dct.ts'
import { bitDoubts, bitsAboveMedian, lowerMedian } from './hash-bits.ts'

/** A frame hash with how much there was to hash. */
export type FrameHash = {
  /** Eight 32-bit words, the most significant first, as the reference prints them. */
  readonly hash: Uint32Array
  /** Sum of significant gradients, 0 (blank) to 100. */
  readonly quality: number
  /** How likely each of the hash's bits is to differ in a copy, in 256ths; only where it was asked for. */
  readonly doubts?: Uint8Array
}

/** A 64x64 luma picture, row-major, 0 to 255. */
export type Luma = Float32Array | Float64Array | Uint8Array

/** What every sum of gradients is divided by. Source: pdqImageDomainQualityMetric of the reference. */
const QUALITY_DIVISOR = 90

const { fround } = Math

const single = new Float32Array(LUMA_SIDE * LUMA_SIDE)
const coefficients = new Float64Array(DCT_SIDE * DCT_SIDE)

function toSingle(luma: Luma): Float32Array {
  if (luma.length !== LUMA_SIDE * LUMA_SIDE) {
    throw new RangeError(`a luma picture of 64x64 has 4096 values, not ${luma.length}`)
  }
  if (luma instanceof Float32Array) return luma
  single.set(luma)
  return single
}

/**
 * Steps between neighbours of a 64x64 luma picture in whole percents of the range, each cut towards zero in float32 as
 * the reference does, and added up.
 */
function percentsOf(luma: Float32Array): number {
  let sum = 0
  for (let at = LUMA_SIDE; at < luma.length; at++) {
    sum += percentStep(luma[at] as number, luma[at - LUMA_SIDE] as number)
  }
  for (let row = 0; row < luma.length; row += LUMA_SIDE) {
    let left = luma[row] as number
    for (let at = row + 1; at < row + LUMA_SIDE; at++) {
      const value = luma[at] as number
      sum += percentStep(value, left)
      left = value
    }
  }
  return sum
}

/** The sign goes first: a branch on it would be wrong every other time. */
function percentStep(a: number, b: number): number {
  return fround(fround(Math.abs(fround(a - b)) * 100) / 255) | 0
}

/** PDQ's 16x16 coefficients of a 64x64 luma picture (see dct16), rounded to float32 at the input as the reference. */
export function pdqCoefficients(luma: Luma): Float64Array {
  return dct16(toSingle(luma), new Float64Array(DCT_SIDE * DCT_SIDE))
}

/**
 * Meta's PDQ hash of a 64x64 luma picture, bit for bit `pdqHash256FromFloatLuma` of the C++ reference.
 * @example const { hash, quality } = pdqHash(lumaOfWindow(gray192))
 */
export function pdqHash(luma: Luma, { withDoubts = false } = {}): FrameHash {
  const picture = toSingle(luma)
  return hashOf(dct16(picture, coefficients), { percents: percentsOf(picture), withDoubts })
}

/**
 * The hash that belongs to 256 coefficients and a sum of steps in percents; with the doubts about its bits, which a
 * query needs to look through the candidate index, where they are wanted.
 */
export function hashOf(
  coefficients: Float64Array,
  { percents, withDoubts }: { readonly percents: number; readonly withDoubts: boolean },
): FrameHash {
  const median = lowerMedian(coefficients)
  const hash = bitsAboveMedian(coefficients, median)
  const quality = Math.min(100, Math.trunc(percents / QUALITY_DIVISOR))
  return withDoubts ? { hash, quality, doubts: bitDoubts(coefficients, median) } : { hash, quality }
}

/** The hash as the reference prints it: 64 hexadecimal digits. */
export function formatHash(hash: Uint32Array): string {
  let text = ''
  for (const word of hash) text += word.toString(16).padStart(8, '0')
  return text
}
