import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fingerprintOf, melody, mix, RATE } from '../../../testing/melody.ts'
import { randomOf } from '../../../testing/random.ts'
import { excerptOf } from '../../fingerprint/excerpt.ts'
import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { matchFingerprints } from '../match-fingerprints.ts'
import { alignLandmarks } from './align-landmarks.ts'

const song = melody(1, 60)
const stored = fingerprintOf(song)
const speaker = melody(2, 60)

test('audio under audio twice as loud is found at its times, and accepted', () => {
  const covered = fingerprintOf(mix(song.subarray(20 * RATE, 35 * RATE), 0.33, speaker))
  const [segment] = alignLandmarks(covered, stored)
  expect(segment?.queryStartMs).toBe(0)
  expect(segment?.queryEndMs).toBe(15_000)
  expect(Math.abs((segment?.refStartMs ?? 0) - 20_000)).toBeLessThan(30)
  expect(segment?.difference).toBeGreaterThan(0.1)
  expect(matchFingerprints(covered, stored)).toMatchObject({ accepted: true, segments: [{ kind: 'audio' }] })
})

test('boundaries of shared audio within a longer query are right within half a second', () => {
  const query = speaker.slice(0, 50 * RATE)
  query.set(mix(song.subarray(5 * RATE, 25 * RATE), 0.4, speaker.subarray(18 * RATE)), 18 * RATE)
  const [segment, ...others] = alignLandmarks(fingerprintOf(query), stored)
  expect(others).toEqual([])
  expect(Math.abs((segment?.queryStartMs ?? 0) - 18_000)).toBeLessThan(500)
  expect(Math.abs((segment?.queryEndMs ?? 0) - 38_000)).toBeLessThan(500)
})

test('notes that other audio shares by chance before and after a copy do not lengthen it', () => {
  const query = speaker.slice(0, 50 * RATE)
  const copy = (from: number, to: number) => query.set(song.subarray(from * RATE, to * RATE), from * RATE)
  for (const at of [15.5, 16.5, 42.5, 43.5]) copy(at, at + 0.25)
  copy(20, 40)
  const [segment] = alignLandmarks(fingerprintOf(query), stored)
  expect(Math.abs((segment?.queryStartMs ?? 0) - 20_000)).toBeLessThan(500)
  expect(Math.abs((segment?.queryEndMs ?? 0) - 40_000)).toBeLessThan(500)
})

test('unrelated audio shares no segment', () => {
  for (const seed of [3, 4, 5, 6]) expect(alignLandmarks(fingerprintOf(melody(seed, 40)), stored)).toEqual([])
  const noise = () => {
    const random = randomOf(9)
    return Int16Array.from({ length: 30 * RATE }, () => 8000 * (random() - 0.5))
  }
  expect(alignLandmarks(fingerprintOf(noise()), stored)).toEqual([])
})

test('a beep that repeats proves little, however long it lasts', () => {
  const beeps = (everySeconds: number) =>
    Int16Array.from({ length: 30 * RATE }, (_, i) => {
      const second = (i / RATE) % everySeconds
      return second < 0.1 ? 8000 * Math.sin(2 * Math.PI * 1000 * second) : 0
    })
  const [a, b] = [beeps(1), beeps(1).subarray(7 * RATE)]
  const evidence = alignLandmarks(fingerprintOf(b), fingerprintOf(a)).map((segment) => segment.evidence)
  // The score of 10.8 units of audio evidence is 0.35.
  expect(Math.max(0, ...evidence)).toBeLessThan(10.8)
})

test('a short passage counts less than a long one', () => {
  const evidenceOf = (seconds: number) =>
    alignLandmarks(fingerprintOf(song.subarray(10 * RATE, (10 + seconds) * RATE)), stored)[0]?.evidence ?? 0
  expect(evidenceOf(12)).toBeGreaterThan(16.4)
  expect(evidenceOf(4)).toBeLessThan(10.8)
  expect(evidenceOf(4)).toBeGreaterThan(0)
})

test('an excerpt keeps the landmarks at their times', () => {
  const query = fingerprintOf(mix(song.subarray(30 * RATE, 45 * RATE), 0.4, speaker))
  const [segment] = alignLandmarks(query, excerptOf(stored, { fromMs: 25_000, toMs: 55_000 }))
  expect(Math.abs((segment?.refStartMs ?? 0) - 5000)).toBeLessThan(30)
})

test('arbitrary peaks never throw, and their segments are inside both videos', {
  tags: ['aligner-bounds'],
}, () => {
  const peaks = fc
    .array(fc.tuple(fc.oneof(fc.nat(300), fc.nat(0xffffffff)), fc.nat(189)), { maxLength: 200, size: 'max' })
    // Some come again later, as a rhythm does.
    .map((list) => [...list, ...list.flatMap(([at, bin]) => (at <= 300 ? [[at + 350, bin] as const] : []))])
    .map((list) => list.sort((a, b) => a[0] - b[0] || a[1] - b[1]))
    .map((list) => ({
      spectra: Uint32Array.from(list, ([spectrum]) => spectrum),
      bins: Uint8Array.from(list, ([, bin]) => bin),
    }))
  const anything = fc
    .record({
      startMs: fc.oneof(fc.constant(0), fc.double(), fc.integer()),
      peaks,
      items: fc.array(fc.nat({ max: 0xffffffff }), { maxLength: 160, size: 'max' }),
      durationSeconds: fc.oneof(fc.constant(20), fc.double()),
    })
    .map(
      ({ startMs, peaks, items, durationSeconds }): Fingerprint => ({
        ...stored,
        durationSeconds,
        audio: { startMs, items: Uint32Array.from(items), peaks },
      }),
    )
  const isTime = (ms: number) => ms >= 0 && ms <= 86_400_000
  fc.assert(
    fc.property(anything, anything, fc.boolean(), (query, other, same) => {
      const ref = same ? { ...other, audio: query.audio } : other
      const segments = alignLandmarks(query, ref)
      expect(
        segments.every(
          ({ queryStartMs, queryEndMs, refStartMs, refEndMs, evidence }) =>
            [queryStartMs, queryEndMs, refStartMs, refEndMs].every(isTime) && evidence >= 0,
        ),
      ).toBe(true)
    }),
    { numRuns: 200 },
  )
})
