import { expect, test } from 'vitest'
import { compile } from '../../wasm/build.mjs'
import { randomOf, withNoise } from '../testing/synthetic-fingerprint.ts'
import { HASH_WORDS, likelyDistance, popcount } from './hamming.ts'
import { SCAN_MODULE } from './scan-module.ts'
import { scanner } from './scanner.ts'

test('the module in the repository is what its source compiles to', async () => {
  expect(Buffer.from(await compile('scan')).equals(SCAN_MODULE)).toBe(true)
})

const random = randomOf(11)
const randomHash = () => withNoise(new Uint32Array(HASH_WORDS), 700, random)

test.each([0, 1, 7, 20_000])('of %s hashes the same are found as by the plain version', (count) => {
  const probe = randomHash()
  const hashes = Array.from({ length: count }, (_, i) =>
    i % 3 === 0 ? randomHash() : withNoise(probe, i % 110, random),
  )
  const flat = Uint32Array.from(hashes.flatMap((hash) => [...hash]))
  const distances = hashes.map((hash) => likelyDistance(probe, hash, 0))
  scanner.loadHashes(flat)
  expect(scanner.nearest(probe)).toBe(Math.min(256, ...distances.slice(0, 1000), ...distances.slice(1000)))
  for (const limit of [0, 30, 92, 257]) {
    const wanted = distances.flatMap((bits, i) => (bits < limit ? [i, bits] : []))
    expect([...scanner.near(probe, limit)]).toEqual(wanted)
  }
})

test.each([0, 1, 2, 3, 5, 30_001])('of %s items the same are found as by the plain version', (count) => {
  const items = Uint32Array.from({ length: count }, () => Math.floor(random() * 2 ** 32))
  const item = items[count >> 1] ?? 5
  const distances = [...items].map((other) => popcount((item ^ other) >>> 0))
  scanner.loadItems(items)
  const { finds, histogram } = scanner.nearItems(item, 12)
  expect([...finds]).toEqual(distances.flatMap((bits, i) => (bits < 12 ? [i, bits] : [])))
  expect([...histogram]).toEqual(
    Array.from({ length: 33 }, (_, bits) => distances.filter((d) => d === bits).length),
  )
})
