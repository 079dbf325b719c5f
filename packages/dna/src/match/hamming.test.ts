import fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomOf, withNoise } from '../testing/synthetic-fingerprint.ts'
import { hashDistance, likelyDistance, popcount } from './hamming.ts'

test('the bits of any word are counted', () => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffffffff }), (word) => {
      expect(popcount(word)).toBe([...word.toString(2)].filter((digit) => digit === '1').length)
    }),
  )
})

test('the quick distance is the exact one, or gives up on hashes that are unlike', () => {
  const random = randomOf(3)
  const hash = withNoise(new Uint32Array(8), 500, random)
  for (let bits = 0; bits < 200; bits++) {
    const other = withNoise(hash, bits, random)
    const exact = hashDistance(hash, 0, { b: other, j: 0 })
    const quick = likelyDistance(hash, other, 0)
    if (exact < 64) expect(quick).toBe(exact)
    else expect([exact, 256]).toContain(quick)
  }
})
