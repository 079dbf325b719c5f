/** Side of the luma picture that is transformed. Source: PDQ, Meta, 2019. */
export const LUMA_SIDE = 64
/** Side of the block of low frequencies that PDQ keeps: 1 to 16 in each direction, never the mean. */
export const DCT_SIDE = 16

const { fround } = Math

/** Element [frequency * 64 + position], float32 as the reference makes it. Source: dct_matrix_64 of the reference. */
export const basis = new Float64Array(DCT_SIDE * LUMA_SIDE)
/** The same as [position * 16 + frequency], so that the second pass reads neighbours. */
const basisByPosition = new Float64Array(LUMA_SIDE * DCT_SIDE)
const scale = fround(Math.sqrt(2 / LUMA_SIDE))
for (let row = 0; row < DCT_SIDE; row++) {
  for (let k = 0; k < LUMA_SIDE; k++) {
    const value = fround(scale * Math.cos((Math.PI / 2 / LUMA_SIDE) * (row + 1) * (2 * k + 1)))
    basis[row * LUMA_SIDE + k] = value
    basisByPosition[k * DCT_SIDE + row] = value
  }
}

const picture = new Float64Array(LUMA_SIDE * LUMA_SIDE)
const halfway = new Float64Array(DCT_SIDE * LUMA_SIDE)

/**
 * output[16 x columns] = left[16 x 64] times right[64 x columns], every product and every sum rounded to float32 and
 * the sums taken in the order of the reference. That order is part of the hash: where many coefficients are all but
 * equal (drawn patterns, blank pictures) float64 gives other bits. Eight columns at once keep the processor
 * busy while each sum waits for its last rounding.
 */
function multiply(left: Float64Array, right: Float64Array, output: Float64Array, columns: number): void {
  for (let row = 0; row < DCT_SIDE; row++) {
    const leftRow = row * LUMA_SIDE
    for (let column = 0; column < columns; column += 8) {
      let s0 = 0
      let s1 = 0
      let s2 = 0
      let s3 = 0
      let s4 = 0
      let s5 = 0
      let s6 = 0
      let s7 = 0
      for (let k = 0, at = column; k < LUMA_SIDE; k++, at += columns) {
        const factor = left[leftRow + k] as number
        s0 = fround(s0 + fround(factor * (right[at] as number)))
        s1 = fround(s1 + fround(factor * (right[at + 1] as number)))
        s2 = fround(s2 + fround(factor * (right[at + 2] as number)))
        s3 = fround(s3 + fround(factor * (right[at + 3] as number)))
        s4 = fround(s4 + fround(factor * (right[at + 4] as number)))
        s5 = fround(s5 + fround(factor * (right[at + 5] as number)))
        s6 = fround(s6 + fround(factor * (right[at + 6] as number)))
        s7 = fround(s7 + fround(factor * (right[at + 7] as number)))
      }
      const to = row * columns + column
      output[to] = s0
      output[to + 1] = s1
      output[to + 2] = s2
      output[to + 3] = s3
      output[to + 4] = s4
      output[to + 5] = s5
      output[to + 6] = s6
      output[to + 7] = s7
    }
  }
}

/**
 * The 16x16 low-frequency coefficients of a 64x64 luma picture (row-major, 4096 values that are exact in float32),
 * without the mean: element [i*16+j] is vertical frequency i+1 and horizontal frequency j+1.
 */
export function dct16(luma: Float32Array, output = new Float64Array(DCT_SIDE * DCT_SIDE)): Float64Array {
  picture.set(luma)
  multiply(basis, picture, halfway, LUMA_SIDE)
  multiply(halfway, basisByPosition, output, DCT_SIDE)
  return output
}
