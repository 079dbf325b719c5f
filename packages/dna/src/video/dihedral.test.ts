import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashDistance } from '../match/hamming.ts'
import { ORIENTATIONS, pdqDihedralHashes } from './dihedral.ts'
import { pdqCoefficients, pdqHash } from './pdq.ts'

const SIDE = 64

/** Lays the picture itself in the other way, pixel by pixel. */
function lay(luma: Float32Array, mirrored: boolean, quarterTurns: number): Float32Array {
  const laid = new Float32Array(luma.length)
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let column = mirrored ? SIDE - 1 - x : x
      let row = y
      for (let turn = 0; turn < quarterTurns; turn++) [column, row] = [SIDE - 1 - row, column]
      laid[row * SIDE + column] = luma[y * SIDE + x] ?? 0
    }
  }
  return laid
}

test('the eight hashes from one transform are those of the picture turned and mirrored for real', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4096, maxLength: 4096 }), (bytes) => {
      const luma = Float32Array.from(bytes)
      const hashes = pdqDihedralHashes(pdqCoefficients(luma))
      for (const { name, mirrored, clockwiseDegrees } of ORIENTATIONS) {
        const direct = pdqHash(lay(luma, mirrored, clockwiseDegrees / 90)).hash
        // Sums in another order round differently in float32: a coefficient at the very median may change sides.
        expect(hashDistance(hashes[name], 0, { b: direct, j: 0 })).toBeLessThanOrEqual(2)
      }
    }),
    { numRuns: 20 },
  )
})

test('upright is the ordinary hash', () => {
  const luma = Float32Array.from({ length: 4096 }, (_, at) => (at * 7919) % 251)
  expect(pdqDihedralHashes(pdqCoefficients(luma)).upright).toEqual(pdqHash(luma).hash)
})
