import { expect, test } from 'vitest'
import { randomOf } from '../../../testing/random.ts'
import { sampleSegment } from '../../../testing/sample-segment.ts'
import { cut, fingerprintOf, footage, splice, withNoise } from '../../../testing/synthetic-fingerprint.ts'
import { matchFingerprints } from '../match-fingerprints.ts'
import { dropWeakSegments, markWeakReadings, partOf, toSegment } from './to-segment.ts'

function scored(score: number) {
  return sampleSegment({ score, kind: 'video' })
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

function weak(...scores: number[]) {
  return markWeakReadings(scores.map(scored)).map((segment) => segment.weak)
}

test('segments below 0.45 are weak readings of a pair that has a stronger one', () => {
  expect(weak(0.95, 0.45, 0.4499, 0.05)).toEqual([false, false, true, true])
})

test('a pair accepted by many low segments together has no weak readings', () => {
  expect(weak(0.3, 0.28, 0.44)).toEqual([false, false, false])
})

test('the part of a segment names each side whose frame matches only partly', () => {
  const box = { left: 0, top: 0, right: 0.5, bottom: 1 }
  expect(partOf({ queryBox: null, refBox: null })).toBe('whole')
  expect(partOf({ queryBox: box, refBox: null })).toBe('query')
  expect(partOf({ queryBox: null, refBox: box })).toBe('reference')
  expect(partOf({ queryBox: box, refBox: box })).toBe('both')
})

test('a segment has a confidence for each track, and the tracks combine to its score', () => {
  const times = { queryStartMs: 0, queryEndMs: 5000, refStartMs: 0, refEndMs: 5000 }
  const track = { ...times, rate: 1, difference: 0.1, evidence: 3, mirrored: false, turn: 0 } as const
  expect(toSegment({ segment: track, frames: 3, audio: 20 })).toMatchObject({
    pictureScore: 0.5,
    soundScore: 0.5,
    score: 0.75,
    part: 'whole',
    weak: false,
  })
  expect(toSegment({ segment: track, frames: 0, audio: 5 })).toMatchObject({
    pictureScore: 0,
    soundScore: 0.2,
    score: 0.2,
  })
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
