import { expect, test } from 'vitest'
import { cut, fingerprintOf, footage } from '../testing/synthetic-fingerprint.ts'
import { excerptOf } from './excerpt.ts'
import { isPromising } from './is-promising.ts'
import { matchFingerprints } from './match-fingerprints.ts'

const film = footage(7, 600)
const stored = fingerprintOf(film)
const query = fingerprintOf(cut(film, 200, 230), { bits: 24, seed: 3 })

const at = (querySecond: number, refSecond: number) => ({
  queryMs: 1000 * querySecond,
  refMs: 1000 * refSecond,
})

test('a passage promises a match where the index has named its place, and nowhere else', () => {
  expect(isPromising(query, stored, [at(12, 212)])).toBe(true)
  expect(isPromising(query, stored, [at(3, 450), at(28, 229)])).toBe(true)
  expect(isPromising(query, stored, [at(12, 30), at(12, 450)])).toBe(false)
  expect(isPromising(query, stored, [])).toBe(false)
  expect(isPromising(query, stored, [at(-1e6, 0), at(0, 1e6)])).toBe(false)
})

test('something else promises nothing, unless the whole is as short as a look at it', () => {
  const other = fingerprintOf(footage(8, 30))
  expect(isPromising(other, stored, [at(10, 210), at(0, 0)])).toBe(false)
  expect(isPromising(other, fingerprintOf(footage(9, 40)), [at(0, 0)])).toBe(true)
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
