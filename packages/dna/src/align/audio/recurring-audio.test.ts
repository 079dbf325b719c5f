import { describe, expect, test } from 'vitest'
import { cut, type Footage, fingerprintOf, footage, splice } from '../../../testing/synthetic-fingerprint.ts'
import { SILENT_ITEM } from '../../audio/chromaprint.ts'
import { audioTimelineOf } from '../../fingerprint/audio-timeline.ts'
import { matchFingerprints } from '../match-fingerprints.ts'
import type { TrackSegment } from '../segments/segment.ts'
import { repeatsItself, weighRecurringAudio } from './recurring-audio.ts'

const film = footage(3, 60)

/** The same seconds of sound over and over, under pictures that change. */
function siren(seed: number, seconds: number, { period = 4, from = 0 } = {}): Footage {
  const round = cut(film, 0, period)
  const rounds = splice(...Array.from({ length: Math.ceil((seconds + from) / period) }, () => round))
  return { ...footage(seed, seconds), items: cut(rounds, from, from + seconds).items }
}

function audioOf(part: Footage) {
  const timeline = audioTimelineOf(fingerprintOf(part))
  if (timeline === null) throw new Error('no audio')
  return timeline
}

const stretch = (refStart: number, refEnd: number) => ({
  refStartMs: 1000 * refStart,
  refEndMs: 1000 * refEnd,
})

describe('audio repeats itself', () => {
  const longSiren = audioOf(splice(film, siren(5, 40)))

  test.each([
    [64, 78],
    [60, 63],
    [95, 99],
  ])('in a siren, from second %d to %d', (from, to) => {
    expect(repeatsItself(longSiren, stretch(from, to))).toBe(true)
  })

  test('but not in the film before it', () => {
    expect(repeatsItself(longSiren, stretch(0, 60))).toBe(false)
    expect(repeatsItself(longSiren, stretch(40, 59))).toBe(false)
  })

  test('but not in music whose phrase lasts eight seconds', () => {
    expect(repeatsItself(audioOf(siren(5, 60, { period: 8 })), stretch(10, 40))).toBe(false)
  })

  test('but not in a phrase that occurs twice', () => {
    const phrase = cut(film, 0, 4)
    const twice = audioOf(splice(cut(film, 20, 30), phrase, phrase, cut(film, 30, 40)))
    expect(repeatsItself(twice, stretch(10, 14))).toBe(false)
    expect(repeatsItself(twice, stretch(10, 18))).toBe(false)
  })

  test('but not in silence', () => {
    const silent = audioOf({ ...footage(6, 30), items: new Array(200).fill(SILENT_ITEM) })
    expect(repeatsItself(silent, stretch(0, 20))).toBe(false)
  })
})

test('a segment of audio that repeats itself confirms no static picture', () => {
  const ref = audioOf(siren(5, 40))
  const found = { ...stretch(8, 20), evidence: 60 } as TrackSegment
  const [weighed] = weighRecurringAudio([found], ref)
  expect(weighed).toMatchObject({ isStatic: true })
  expect(weighed?.evidence).toBeLessThan(2)
  expect(weighRecurringAudio([found], audioOf(film))).toEqual([found])
  expect(weighRecurringAudio([found], null)).toEqual([found])
})

describe('two recordings of a siren', () => {
  const ref = fingerprintOf(siren(5, 40), { bits: 2 })

  test('are not copies of each other', () => {
    const other = fingerprintOf(siren(7, 14, { from: 3 }), { bits: 2, seed: 8 })
    expect(matchFingerprints(other, ref).accepted).toBe(false)
  })

  test('are, if their pictures agree', () => {
    const copy = fingerprintOf(cut(siren(5, 40), 8, 22), { bits: 12, seed: 8 })
    const { accepted, segments } = matchFingerprints(copy, ref)
    expect(accepted).toBe(true)
    expect(segments).toMatchObject([{ refStart: 8 }])
  })
})
