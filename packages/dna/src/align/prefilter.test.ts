import { expect, test } from 'vitest'
import { cut, fingerprintOf, footage } from '../../testing/synthetic-fingerprint.ts'
import { excerptOf } from '../fingerprint/excerpt.ts'
import { matchFingerprints } from './match-fingerprints.ts'
import { passesPrefilter } from './prefilter.ts'

const film = footage(7, 600)
const stored = fingerprintOf(film)
const query = fingerprintOf(cut(film, 200, 230), { bits: 24, seed: 3 })

function seed(querySecond: number, refSecond: number) {
  return {
    queryMs: 1000 * querySecond,
    refMs: 1000 * refSecond,
  }
}

test('an excerpt passes the prefilter only with a seed on its true alignment', () => {
  expect(passesPrefilter(query, stored, [seed(12, 212)])).toBe(true)
  expect(passesPrefilter(query, stored, [seed(3, 450), seed(28, 229)])).toBe(true)
  expect(passesPrefilter(query, stored, [seed(12, 30), seed(12, 450)])).toBe(false)
  expect(passesPrefilter(query, stored, [])).toBe(false)
  expect(passesPrefilter(query, stored, [seed(-1e6, 0), seed(0, 1e6)])).toBe(false)
})

test('unrelated footage passes the prefilter only if the reference is too short to be prefiltered', () => {
  const other = fingerprintOf(footage(8, 30))
  expect(passesPrefilter(other, stored, [seed(10, 210), seed(0, 0)])).toBe(false)
  expect(passesPrefilter(other, fingerprintOf(footage(9, 40)), [seed(0, 0)])).toBe(true)
})

test('an excerpt of a fingerprint matches at the times within the excerpt', () => {
  const part = excerptOf(stored, { fromMs: 190_000, toMs: 240_000 })
  expect(part.durationSeconds).toBe(50)
  const match = matchFingerprints(query, part)
  expect(match.accepted).toBe(true)
  const [segment] = match.segments
  expect(segment?.refStart).toBeCloseTo(10, 0)
  expect(segment?.refEnd).toBeCloseTo(40, 0)
})
