import { DCT_SIDE } from './dct.ts'
import { bitsAboveMedian } from './hash-bits.ts'

/** The eight ways to lay a square picture: turned clockwise by so many degrees, perhaps mirrored left to right first. */
export const ORIENTATIONS = [
  { name: 'upright', mirrored: false, clockwiseDegrees: 0 },
  { name: 'mirrored', mirrored: true, clockwiseDegrees: 0 },
  { name: 'upsideDown', mirrored: true, clockwiseDegrees: 180 },
  { name: 'turned180', mirrored: false, clockwiseDegrees: 180 },
  { name: 'turned90', mirrored: false, clockwiseDegrees: 90 },
  { name: 'turned270', mirrored: false, clockwiseDegrees: 270 },
  { name: 'transposed', mirrored: true, clockwiseDegrees: 270 },
  { name: 'transverse', mirrored: true, clockwiseDegrees: 90 },
] as const

export type Orientation = (typeof ORIENTATIONS)[number]['name']

/** A mirrored axis changes the sign of its odd frequencies; a turn also swaps rows and columns. */
const MOVES: Record<Orientation, { swap: boolean; negateRows: boolean; negateColumns: boolean }> = {
  upright: { swap: false, negateRows: false, negateColumns: false },
  mirrored: { swap: false, negateRows: false, negateColumns: true },
  upsideDown: { swap: false, negateRows: true, negateColumns: false },
  turned180: { swap: false, negateRows: true, negateColumns: true },
  turned90: { swap: true, negateRows: false, negateColumns: true },
  turned270: { swap: true, negateRows: true, negateColumns: false },
  transposed: { swap: true, negateRows: false, negateColumns: false },
  transverse: { swap: true, negateRows: true, negateColumns: true },
}

const laid = new Float64Array(DCT_SIDE * DCT_SIDE)

/**
 * The hash that the picture would have if it were laid in another way, from the coefficients of the picture as
 * it is (`pdqCoefficients`).
 * @example const mirrored = pdqOrientedHash(pdqCoefficients(luma), 'mirrored')
 */
export function pdqOrientedHash(coefficients: Float64Array, orientation: Orientation): Uint32Array {
  const { swap, negateRows, negateColumns } = MOVES[orientation]
  for (let row = 0; row < DCT_SIDE; row++) {
    for (let column = 0; column < DCT_SIDE; column++) {
      const from = swap ? column * DCT_SIDE + row : row * DCT_SIDE + column
      // Index 0 is frequency 1: even indices are the odd frequencies.
      const negative = (negateRows && row % 2 === 0) !== (negateColumns && column % 2 === 0)
      const value = coefficients[from] as number
      laid[row * DCT_SIDE + column] = negative ? -value : value
    }
  }
  return bitsAboveMedian(laid)
}

/** All eight hashes of a picture from one transform, in the order of ORIENTATIONS. */
export function pdqDihedralHashes(coefficients: Float64Array): Record<Orientation, Uint32Array> {
  const hashOf = (orientation: Orientation) => pdqOrientedHash(coefficients, orientation)
  return {
    upright: hashOf('upright'),
    mirrored: hashOf('mirrored'),
    upsideDown: hashOf('upsideDown'),
    turned180: hashOf('turned180'),
    turned90: hashOf('turned90'),
    turned270: hashOf('turned270'),
    transposed: hashOf('transposed'),
    transverse: hashOf('transverse'),
  }
}
