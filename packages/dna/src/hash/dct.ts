/**
 * Side of the luma picture that PDQ transforms, in pixels. Source: Facebook, The TMK+PDQF Video-Hashing Algorithm,
 * 2019.
 */
export const LUMA_SIDE = 64
/** Side of the block of low frequencies that PDQ keeps: frequencies 1 to 16 on each axis, excluding the mean. */
export const DCT_SIDE = 16

const { fround } = Math
const scale = fround(Math.sqrt(2 / LUMA_SIDE))

/**
 * Basis of the cosine transform: element [frequency * 64 + position], rounded to float32 as the C++ reference rounds
 * it. Source: `dct_matrix_64` of the reference.
 */
export const DCT_BASIS = new Float64Array(DCT_SIDE * LUMA_SIDE)
for (let row = 0; row < DCT_SIDE; row++) {
  for (let k = 0; k < LUMA_SIDE; k++) {
    const value = fround(scale * Math.cos((Math.PI / 2 / LUMA_SIDE) * (row + 1) * (2 * k + 1)))
    DCT_BASIS[row * LUMA_SIDE + k] = value
  }
}
