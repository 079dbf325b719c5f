import fc from 'fast-check'
import { expect, test } from 'vitest'
import { earlyExitDistance } from '../../reference/early-exit-distance.ts'
import { randomOf } from '../../testing/random.ts'
import { withNoise } from '../../testing/synthetic-fingerprint.ts'
import { hashDistance, popcount } from './hamming.ts'

test('popcount counts the set bits of any word', () => {
  fc.assert(
    fc.property(fc.nat({ max: 0xffffffff }), (word) => {
      expect(popcount(word)).toBe([...word.toString(2)].filter((digit) => digit === '1').length)
    }),
  )
})

test('the early-exit distance is exact for similar hashes, and exact or 256 for others', () => {
  const random = randomOf(3)
  const hash = withNoise(new Uint32Array(8), 500, random)
  for (let bits = 0; bits < 200; bits++) {
    const other = withNoise(hash, bits, random)
    const exact = hashDistance(hash, 0, { b: other, j: 0 })
    const quick = earlyExitDistance(hash, other, 0)
    if (exact < 64) expect(quick).toBe(exact)
    else expect([exact, 256]).toContain(quick)
  }
})
