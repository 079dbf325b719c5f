import { expect, test } from 'vitest'
import { plainDescriptorMatches } from '../../reference/plain-descriptor-matches.ts'
import { randomOf } from '../../testing/random.ts'
import { withNoise } from '../../testing/synthetic-fingerprint.ts'
import { compile } from '../../wasm/build.mjs'
import { descriptorMatcher } from './descriptor-matcher.ts'
import { MATCH_MODULE } from './match-module.ts'

test('the committed match module matches its compiled source', async () => {
  expect(Buffer.from(await compile('match')).equals(MATCH_MODULE)).toBe(true)
})

const random = randomOf(5)

function descriptors(count: number): Uint32Array {
  return Uint32Array.from({ length: 4 * count }, () => Math.floor(random() * 2 ** 32))
}

test.each([
  [0, 3],
  [1, 1],
  [24, 96],
  [255, 255],
])('the matcher finds the same among %s and %s descriptors as the plain version', (some, others) => {
  const query = descriptors(some)
  const ref = descriptors(others)
  for (let i = 0; i < Math.min(some, others); i += 3)
    ref.set(withNoise(query.subarray(4 * i, 4 * i + 4), i % 30, random), 4 * i)
  for (const limit of [0, 18, 40, 128])
    expect(descriptorMatcher.matches(query, ref, limit)).toEqual(plainDescriptorMatches(query, ref, limit))
})

test('the matcher refuses more descriptors than fit in its memory', () => {
  expect(() => descriptorMatcher.matches(descriptors(256), descriptors(1), 18)).toThrow(RangeError)
})
