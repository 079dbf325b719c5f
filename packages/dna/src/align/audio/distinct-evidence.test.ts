import { describe, expect, test } from 'vitest'
import { fingerprintOf, melody, mix, RATE } from '../../../testing/melody.ts'
import { randomOf } from '../../../testing/random.ts'
import { matchFingerprints } from '../match-fingerprints.ts'
import { alignLandmarks } from './align-landmarks.ts'

const SECONDS = 40

/** The same bar of drums over and over: kicks, snares and cymbals. */
function drums(seconds: number): Int16Array {
  const random = randomOf(11)
  const noise = Float64Array.from({ length: RATE }, () => 2 * random() - 1)
  const bar = new Float64Array(2 * RATE)
  for (let beat = 0; beat < 8; beat++) {
    for (let i = 0; i < 0.2 * RATE; i++) {
      const at = Math.round(beat * 0.25 * RATE) + i
      const decay = (perSecond: number) => Math.exp((-i * perSecond) / RATE)
      const kick = beat % 8 === 0 || beat % 8 === 5 ? Math.sin((2 * Math.PI * 60 * i) / RATE) * decay(20) : 0
      const snare = beat % 8 === 4 ? (noise[i] ?? 0) * 0.5 * decay(25) : 0
      const cymbal = (noise[i + 4000] ?? 0) * 0.3 * decay(80)
      bar[at] = 12_000 * (kick + snare + cymbal)
    }
  }
  return Int16Array.from({ length: seconds * RATE }, (_, i) => bar[i % bar.length] ?? 0)
}

const withDrums = (seed: number) => mix(melody(seed, SECONDS), 0.4, drums(SECONDS))
const middle = (pcm: Int16Array) => pcm.subarray(10 * RATE, 26 * RATE)

describe('of two pieces of music over the same loop of drums', () => {
  const ref = fingerprintOf(withDrums(1))

  test('one is no copy of the other', () => {
    const { accepted, score } = matchFingerprints(fingerprintOf(middle(withDrums(2))), ref)
    expect(accepted).toBe(false)
    expect(score).toBeLessThan(0.3)
  })

  test('a copy of one is found by its landmarks, and under speech', () => {
    const copy = middle(withDrums(1))
    const [found] = alignLandmarks(fingerprintOf(copy), ref)
    expect(found?.refStartMs).toBeCloseTo(10_000, -2.5)
    const covered = mix(copy, 0.65, melody(9, 16))
    expect(matchFingerprints(fingerprintOf(covered), ref).accepted).toBe(true)
  })
})

test('music that is repeated with all its notes counts in full', () => {
  const [verse, chorus] = [melody(3, 12), melody(4, 12)]
  const song = Int16Array.from([...chorus, ...verse, ...chorus])
  const covered = fingerprintOf(mix(chorus, 0.3, melody(9, 12)))
  const once = alignLandmarks(covered, fingerprintOf(Int16Array.from([...verse, ...chorus])))
  const twice = alignLandmarks(covered, fingerprintOf(song))
  expect(once).toHaveLength(1)
  expect(twice.length).toBeGreaterThanOrEqual(1)
  expect(twice[0]?.evidence).toBeGreaterThan(0.8 * (once[0]?.evidence ?? 0))
})
