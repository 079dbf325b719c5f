import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pdqHash } from '../../reference/pdq.ts'
import { randomOf } from '../../testing/random.ts'
import { LUMA_SIDE } from './dct.ts'
import { hashDistance } from './hamming.ts'
import { inverseTransform, ORIENTATIONS, orientBitErrorRates, orientHashes } from './orientation.ts'

const hashes = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => new Uint32Array(bytes.slice().buffer))

test('an orientation followed or preceded by its inverse leaves a hash unchanged', () => {
  fc.assert(
    fc.property(hashes, fc.constantFrom(...ORIENTATIONS), (hash, orientation) => {
      const inverse = inverseTransform(orientation)
      expect(orientHashes(orientHashes(hash, orientation), inverse)).toEqual(hash)
      expect(orientHashes(orientHashes(hash, inverse), orientation)).toEqual(hash)
    }),
  )
})

/** The picture mirrored and turned, pixel by pixel. */
function shown(luma: Float32Array, mirrored: boolean, turn: number): Float32Array {
  const output = new Float32Array(luma.length)
  for (let y = 0; y < LUMA_SIDE; y++) {
    for (let x = 0; x < LUMA_SIDE; x++) {
      let [column, row] = [mirrored ? LUMA_SIDE - 1 - x : x, y]
      for (let degrees = 0; degrees < turn; degrees += 90) [column, row] = [LUMA_SIDE - 1 - row, column]
      output[row * LUMA_SIDE + column] = luma[y * LUMA_SIDE + x] ?? 0
    }
  }
  return output
}

test.each(ORIENTATIONS)(
  'the hash of a mirrored or turned picture becomes that of the upright one: mirrored $mirrored, turned by $turn degrees',
  (orientation) => {
    const random = randomOf(17)
    for (let i = 0; i < 20; i++) {
      const luma = Float32Array.from({ length: LUMA_SIDE ** 2 }, () => 255 * random())
      const upright = pdqHash(luma).hash
      const other = pdqHash(shown(luma, orientation.mirrored, orientation.turn)).hash
      // Coefficients between zero and the median give the wrong bit; unrelated hashes differ in 128.
      const oriented = orientHashes(other, orientation)
      expect(hashDistance(oriented, 0, { b: upright, j: 0 })).toBeLessThan(48)
    }
  },
)

test.each(ORIENTATIONS)('bit error rates move with the bits of their hash: %o', (orientation) => {
  const flipped = orientHashes(new Uint32Array(8), orientation)
  for (const bit of [0, 17, 204, 255]) {
    const hash = new Uint32Array(8)
    hash[bit >>> 5] = (1 << (31 - (bit & 31))) >>> 0
    const moved = orientHashes(hash, orientation).map((word, n) => word ^ (flipped[n] ?? 0))
    const word = moved.findIndex((bits) => bits !== 0)
    const rates = new Uint8Array(256)
    rates[bit] = 99
    expect(orientBitErrorRates(rates, orientation).indexOf(99)).toBe(32 * word + Math.clz32(moved[word] ?? 0))
  }
})
