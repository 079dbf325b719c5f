import { expect, test } from 'vitest'
import { BUCKET_KEY_BITS, bucketKeyOf, multiProbeBuckets } from './buckets.ts'

const hash = Uint32Array.from({ length: 8 }, (_, i) => Math.imul(0x9e3779b1, i + 1) >>> 0)

test('the bucket of the hash itself comes first, then those that differ in its least reliable bits', () => {
  const key = bucketKeyOf('video', hash)
  const bitErrorRates = new Uint8Array(256).fill(4)
  bitErrorRates[204] = 100
  bitErrorRates[233] = 60
  const buckets = multiProbeBuckets('video', { timeMs: 0, hash, bitErrorRates }, { keyBits: 8, count: 4 })
  const top = (bit: number) => 1 << (BUCKET_KEY_BITS - 1 - bit)
  const own = key & ~(2 ** 16 - 1)
  expect(buckets).toEqual([own, own ^ top(0), own ^ top(2), own ^ top(0) ^ top(2)])
})

test.each([0, 1, 5])('with %s key bits every bucket is returned exactly once', (keyBits) => {
  for (const kind of ['video', 'audio'] as const) {
    const buckets = multiProbeBuckets(kind, { timeMs: 0, hash }, { keyBits, count: 1000 })
    expect(new Set(buckets).size).toBe(2 ** keyBits)
    expect(buckets).toHaveLength(2 ** keyBits)
  }
})

test('buckets are ordered by their probability', () => {
  const bitErrorRates = Uint8Array.from({ length: 256 }, (_, i) => 1 + ((37 * i) % 120))
  const keyBits = 10
  const timedHash = { timeMs: 0, hash, bitErrorRates }
  const buckets = multiProbeBuckets('audio', timedHash, { keyBits, count: 2 ** keyBits })
  const own = buckets[0] as number
  const rates = [0, 12, 4, 2, 3, 28, 5, 29, 10, 11].map((bit) => (bitErrorRates[96 + bit] as number) / 256)
  const probabilityOf = (bucket: number) =>
    rates.reduce(
      (p, rate, i) => p * ((((bucket ^ own) >>> (BUCKET_KEY_BITS - 1 - i)) & 1) === 1 ? rate : 1 - rate),
      1,
    )
  const probabilities = buckets.map(probabilityOf)
  for (let i = 1; i < probabilities.length; i++)
    expect(probabilities[i]).toBeLessThanOrEqual((probabilities[i - 1] as number) * 1.0001)
})
