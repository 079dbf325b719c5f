import { expect, test } from 'vitest'
import { randomOf } from '../../testing/random.ts'
import { cut, fingerprintOf, footage, splice, withNoise } from '../../testing/synthetic-fingerprint.ts'
import { matchFingerprints } from './match-fingerprints.ts'
import type { Segment } from './segment.ts'
import { dropWeakSegments } from './to-segment.ts'

function scored(score: number): Segment {
  return {
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
    queryBox: null,
    refBox: null,
  }
}
function kept(...scores: number[]) {
  return dropWeakSegments(scores.map(scored)).map(({ score }) => score)
}

test('a weak segment next to a strong one is dropped', () => {
  expect(kept(0.95, 0.24, 0.38)).toEqual([0.95, 0.38])
})

test('weak segments of similar score are all kept, because together they make the pair', () => {
  expect(kept(0.28, 0.25, 0.27)).toEqual([0.28, 0.25, 0.27])
  expect(kept(0.46, 0.2, 0.24)).toEqual([0.46, 0.24])
})

test('an accepted pair does not report a weak segment elsewhere in the reference', () => {
  const film = footage(7, 60)
  const random = randomOf(2)
  // A moment that faintly resembles another part of the reference, too short for a passage.
  const faint = { ...cut(film, 50, 51), items: [] }
  const hashes = faint.hashes.map((hash) => withNoise(hash, 90, random))
  const query = splice(
    { ...cut(film, 10, 30), items: [] },
    { ...cut(footage(8, 9), 0, 3), items: [] },
    { ...faint, hashes },
  )
  const { accepted, segments } = matchFingerprints(fingerprintOf(query), fingerprintOf(film))
  expect(accepted).toBe(true)
  expect(segments).toHaveLength(1)
  expect(segments[0]?.score).toBeGreaterThan(0.9)
})
