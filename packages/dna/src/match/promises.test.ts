import { expect, test } from 'vitest'
import { cut, fingerprintOf, footage } from '../testing/synthetic-fingerprint.ts'
import { excerptOf } from './excerpt.ts'
import { matchFingerprints } from './match-fingerprints.ts'
import { promises } from './promises.ts'

const film = footage(7, 600)
const stored = fingerprintOf(film)
const query = fingerprintOf(cut(film, 200, 230), { bits: 24, seed: 3 })

test('a passage promises a match where the index has named its place, and nowhere else', () => {
  expect(promises(query, stored, [200_000])).toBe(true)
  expect(promises(query, stored, [450_000, 196_000])).toBe(true)
  expect(promises(query, stored, [20_000, 450_000])).toBe(false)
  expect(promises(query, stored, [])).toBe(false)
  expect(promises(query, stored, [-1e9, 1e9])).toBe(false)
})

test('something else promises nothing, unless the whole is as short as a look at it', () => {
  const other = fingerprintOf(footage(8, 30))
  expect(promises(other, stored, [200_000, 0])).toBe(false)
  expect(promises(other, fingerprintOf(footage(9, 40)), [0])).toBe(true)
})

test('an excerpt matches like the passage itself', () => {
  const part = excerptOf(stored, { fromMs: 190_000, toMs: 240_000 })
  expect(part.durationSeconds).toBe(50)
  const match = matchFingerprints(query, part)
  expect(match.accepted).toBe(true)
  const [segment] = match.segments
  expect(segment?.refStart).toBeCloseTo(10, 0)
  expect(segment?.refEnd).toBeCloseTo(40, 0)
})
