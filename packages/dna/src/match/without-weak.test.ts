import { expect, test } from 'vitest'
import { cut, fingerprintOf, footage, randomOf, splice, withNoise } from '../testing/synthetic-fingerprint.ts'
import { matchFingerprints } from './match-fingerprints.ts'
import type { Segment } from './segment.ts'
import { withoutWeak } from './without-weak.ts'

const scored = (score: number): Segment => ({
  queryStart: 0,
  queryEnd: 10,
  refStart: 0,
  refEnd: 10,
  score,
  kind: 'video',
  speed: 1,
  mirrored: false,
  reversed: false,
  turn: 0,
})
const left = (...scores: number[]) => withoutWeak(scores.map(scored)).map(({ score }) => score)

test('a weak segment beside a strong one is left out', () => {
  expect(left(0.95, 0.24, 0.38)).toEqual([0.95, 0.38])
})

test('weak segments that are no weaker than the others stay: together they make the pair', () => {
  expect(left(0.28, 0.25, 0.27)).toEqual([0.28, 0.25, 0.27])
  expect(left(0.46, 0.2, 0.24)).toEqual([0.46, 0.24])
})

test('a pair that is reported shows no weak reading of another place', () => {
  const film = footage(7, 60)
  const random = randomOf(2)
  // A moment that looks faintly like another place of the reference.
  const faint = { ...cut(film, 50, 51.5), items: [] }
  const hashes = faint.hashes.map((hash) => withNoise(hash, 90, random))
  const query = splice(
    { ...cut(film, 10, 30), items: [] },
    { ...cut(footage(8, 9), 0, 3), items: [] },
    {
      ...faint,
      hashes,
    },
  )
  const { accepted, segments } = matchFingerprints(fingerprintOf(query), fingerprintOf(film))
  expect(accepted).toBe(true)
  expect(segments).toHaveLength(1)
  expect(segments[0]?.score).toBeGreaterThan(0.9)
})
