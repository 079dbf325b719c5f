import { expect, test } from 'vitest'
import { cut, type Footage, fingerprintOf, footage } from '../../../testing/synthetic-fingerprint.ts'
import { matchFingerprints } from '../match-fingerprints.ts'

const film = footage(7, 60)

/** Pictures of the first ten seconds, over and over, without audio. */
function recurring(seconds: number): Footage {
  const period = cut(film, 0, 10).hashes
  const hashes = Array.from(
    { length: 4 * seconds },
    (_, i) => period[i % period.length] ?? new Uint32Array(8),
  )
  return { hashes, quality: hashes.map(() => 90), items: [] }
}

/** A ninth of the bits has other values, the same ones all the time: other text in the same layout. */
function withOtherText(part: Footage): Footage {
  return {
    ...part,
    hashes: part.hashes.map((hash) => hash.map((word, at) => (at === 3 ? word ^ 0x0fffffff : word) >>> 0)),
  }
}

function match(query: Footage, ref: Footage) {
  return matchFingerprints(fingerprintOf(query, { bits: 4 }), fingerprintOf(ref, { bits: 4, seed: 2 }))
}

test('an animation that recurs, with other text, is not a copy', () => {
  const found = match(withOtherText(cut(recurring(40), 5, 25)), recurring(40))
  expect(found.accepted).toBe(false)
})

test('the same animation is a copy if its text is the same as well', () => {
  expect(match(cut(recurring(40), 5, 25), recurring(40)).accepted).toBe(true)
})

test('pictures that do not recur are a copy under other text', () => {
  const silent = { ...film, items: [] }
  expect(match(withOtherText(cut(silent, 5, 25)), cut(silent, 0, 40)).accepted).toBe(true)
})
