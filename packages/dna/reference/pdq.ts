import { DCT_BASIS, DCT_SIDE, LUMA_SIDE } from '../src/hash/dct.ts'
import { type FrameHash, hashCoefficients } from '../src/hash/pdq.ts'

/** A 64x64 luma picture, row-major, 0 to 255. */
type Luma = Float32Array | Float64Array | Uint8Array

const { fround } = Math

const single = new Float32Array(LUMA_SIDE * LUMA_SIDE)
const picture = new Float64Array(LUMA_SIDE * LUMA_SIDE)
const halfway = new Float64Array(DCT_SIDE * LUMA_SIDE)
const coefficients = new Float64Array(DCT_SIDE * DCT_SIDE)

/** The basis as [position * 16 + frequency], for the second pass. */
const basisByPosition = Float64Array.from(
  { length: LUMA_SIDE * DCT_SIDE },
  (_, at) => DCT_BASIS[(at % DCT_SIDE) * LUMA_SIDE + Math.trunc(at / DCT_SIDE)] as number,
)

/**
 * output[16 x columns] = left[16 x 64] times right[64 x columns]. Every product and every sum is rounded to float32, and
 * sums are taken in the order of the C++ reference. The order is part of the hash: where many coefficients are nearly
 * equal (drawn patterns, blank pictures), float64 gives other bits.
 */
function multiply(
  left: Float64Array,
  right: Float64Array,
  { output, columns }: { output: Float64Array; columns: number },
): void {
  for (let row = 0; row < DCT_SIDE; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0
      for (let k = 0; k < LUMA_SIDE; k++) {
        const product = (left[row * LUMA_SIDE + k] as number) * (right[k * columns + column] as number)
        sum = fround(sum + fround(product))
      }
      output[row * columns + column] = sum
    }
  }
}

/**
 * The 16x16 low-frequency DCT coefficients of a 64x64 luma picture, without the mean: element [i*16+j] is vertical
 * frequency i+1 and horizontal frequency j+1.
 */
function dct16(luma: Float32Array): Float64Array {
  picture.set(luma)
  multiply(DCT_BASIS, picture, { output: halfway, columns: LUMA_SIDE })
  multiply(halfway, basisByPosition, { output: coefficients, columns: DCT_SIDE })
  return coefficients
}

function toSingle(luma: Luma): Float32Array {
  if (luma.length !== LUMA_SIDE * LUMA_SIDE) {
    throw new RangeError(`A 64x64 luma picture has 4096 values, not ${luma.length}.`)
  }
  if (luma instanceof Float32Array) return luma
  single.set(luma)
  return single
}

/** Sum of the steps between neighbours, in whole percent of full scale, each truncated in float32 as in the reference. */
function gradientPercents(luma: Float32Array): number {
  let sum = 0
  for (let at = 0; at < luma.length; at++) {
    const value = luma[at] as number
    if (at >= LUMA_SIDE) sum += percentStep(value, luma[at - LUMA_SIDE] as number)
    if (at % LUMA_SIDE > 0) sum += percentStep(value, luma[at - 1] as number)
  }
  return sum
}

function percentStep(a: number, b: number): number {
  return fround(fround(Math.abs(fround(a - b)) * 100) / 255) | 0
}

/**
 * Meta's PDQ hash of a 64x64 luma picture, bit for bit `pdqHash256FromFloatLuma` of the C++ reference. The oracle for
 * wasm/frame.ts.
 * @example const { hash, quality } = pdqHash(lumaOfRect(plane, rect))
 */
export function pdqHash(luma: Luma, { withBitErrorRates = false } = {}): FrameHash {
  const rounded = toSingle(luma)
  return hashCoefficients(dct16(rounded), { percents: gradientPercents(rounded), withBitErrorRates })
}

/** A hash as the reference prints it: 64 hexadecimal digits. */
export function formatHash(hash: Uint32Array): string {
  return Array.from(hash, (word) => word.toString(16).padStart(8, '0')).join('')
}
