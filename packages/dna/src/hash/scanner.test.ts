import { expect, test } from 'vitest'
import { earlyExitDistance } from '../../reference/early-exit-distance.ts'
import { randomOf } from '../../testing/random.ts'
import { withNoise } from '../../testing/synthetic-fingerprint.ts'
import { compile } from '../../wasm/build.mjs'
import { HASH_WORDS, popcount } from './hamming.ts'
import { SCAN_MODULE } from './scan-module.ts'
import { scanner } from './scanner.ts'

test('the committed scan module matches its compiled source', async () => {
  expect(Buffer.from(await compile('scan')).equals(SCAN_MODULE)).toBe(true)
})

const random = randomOf(11)
function randomHash() {
  return withNoise(new Uint32Array(HASH_WORDS), 700, random)
}

test.each([0, 1, 7, 20_000])('the scanner finds the same among %s hashes as the plain version', (count) => {
  const hash = randomHash()
  const hashes = Array.from({ length: count }, (_, i) =>
    i % 3 === 0 ? randomHash() : withNoise(hash, i % 110, random),
  )
  const distances = hashes.map((other) => earlyExitDistance(hash, other, 0))
  scanner.loadHashes(Uint32Array.from(hashes.flatMap((other) => [...other])))
  expect(scanner.nearest(hash)).toBe(distances.reduce((least, bits) => Math.min(least, bits), 256))
  for (const limit of [0, 30, 92, 257]) {
    const wanted = distances.flatMap((bits, i) => (bits < limit ? [i, bits] : []))
    expect([...scanner.near(hash, limit)]).toEqual(wanted)
  }
})

test.each([0, 1, 2, 3, 5, 30_001])(
  'the scanner finds the same among %s items as the plain version',
  (count) => {
    const items = Uint32Array.from({ length: count }, () => Math.floor(random() * 2 ** 32))
    const item = items[count >> 1] ?? 5
    const distances = [...items].map((other) => popcount((item ^ other) >>> 0))
    scanner.loadItems(items)
    const { finds, histogram } = scanner.nearItems(item, 12)
    expect([...finds]).toEqual(distances.flatMap((bits, i) => (bits < 12 ? [i, bits] : [])))
    expect([...histogram]).toEqual(
      Array.from({ length: 33 }, (_, bits) => distances.filter((d) => d === bits).length),
    )
  },
)
