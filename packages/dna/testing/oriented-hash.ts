import { DCT_SIDE } from '../src/hash/dct.ts'
import { bitsAboveMedian } from '../src/hash/hash-bits.ts'
import type { Turn } from '../src/hash/orientation.ts'

/** How a made-up picture is shown: mirrored left to right first, then turned clockwise. */
export type Shown = { readonly mirrored: boolean; readonly turn: Turn }

/** Mirroring an axis negates its odd frequencies; index 0 is frequency 1, so those are the even columns. */
function mirrored(coefficients: Float64Array): Float64Array {
  return coefficients.map((value, at) => ((at % DCT_SIDE) % 2 === 0 ? -value : value))
}

function transposed(coefficients: Float64Array): Float64Array {
  return coefficients.map(
    (_, at) => coefficients[(at % DCT_SIDE) * DCT_SIDE + Math.trunc(at / DCT_SIDE)] ?? 0,
  )
}

/** The hash of a picture given by its 256 DCT coefficients, once it has been mirrored and turned. */
export function hashAsShown(coefficients: Float64Array, { mirrored: isMirrored, turn }: Shown): Uint32Array {
  let shown = isMirrored ? mirrored(coefficients) : coefficients
  for (let degrees = 0; degrees < turn; degrees += 90) shown = mirrored(transposed(shown))
  return bitsAboveMedian(shown)
}
