import { expect, test } from 'vitest'
import { SYNTHETIC_SOUNDS } from '../../../testing/synthetic-sound.ts'
import { audioTimelineOf } from '../../fingerprint/audio-timeline.ts'
import { type Fingerprint, FingerprintBuilder } from '../../index.ts'
import { matchFingerprints } from '../match-fingerprints.ts'
import { alignAudio } from './align-audio.ts'
import { divideAtGaps } from './audio-gaps.ts'

const RATE = 11_025
const sound = Int16Array.from(
  ['speech', 'chords', 'sweep'].flatMap((name) => [...(SYNTHETIC_SOUNDS[name]?.() ?? [])]),
)

/** The fingerprint of a sound without pictures, silent from one second to another. */
function withSilence(pcm: Int16Array, from: number, to: number): Fingerprint {
  const builder = new FingerprintBuilder()
  builder.pushAudio(pcm.slice().fill(0, from * RATE, to * RATE))
  return builder.finish({ durationSeconds: pcm.length / RATE, audioStartMs: 0 })
}

function timesOf(query: Fingerprint, ref: Fingerprint): number[][] {
  const { segments } = matchFingerprints(query, ref)
  return segments.map(({ queryStart, queryEnd, refStart, refEnd }) => [
    queryStart,
    queryEnd,
    refStart,
    refEnd,
  ])
}

test('a long gap in the audio of one video divides a segment', () => {
  const whole = withSilence(sound, 0, 0)
  const gap = withSilence(sound, 20, 26)
  for (const times of [timesOf(gap, whole), timesOf(whole, gap)]) {
    expect(times).toHaveLength(2)
    const [before = [], after = []] = times
    for (const time of [before[1], before[3]]) expect(Math.abs(Number(time) - 20)).toBeLessThan(0.2)
    for (const time of [after[0], after[2]]) expect(Math.abs(Number(time) - 26)).toBeLessThan(0.2)
  }
})

test('silence in both videos, or a short gap in one, does not divide a segment', () => {
  const both = withSilence(sound, 20, 26)
  expect(timesOf(both, both)).toHaveLength(1)
  expect(timesOf(withSilence(sound, 20, 22), withSilence(sound, 0, 0))).toHaveLength(1)
})

test('a piece beside a gap that is too short to be found alone is left out', () => {
  const query = audioTimelineOf(withSilence(sound, 2.8, 10))
  const ref = audioTimelineOf(withSilence(sound, 0, 0))
  if (!query || !ref) throw new Error('A timeline is missing.')
  const found = alignAudio(query, ref)
  expect(found).toHaveLength(1)
  expect(found[0]?.queryStartMs).toBeGreaterThan(9800)
})

test('rows are divided where silence lasts three seconds, and end clear of it', () => {
  const silentFrom = (first: number, count: number) => (row: number) => row >= first && row < first + count
  expect(divideAtGaps({ from: 0, to: 99 }, silentFrom(40, 3))).toEqual([{ from: 0, to: 99 }])
  expect(divideAtGaps({ from: 0, to: 99 }, silentFrom(40, 5))).toEqual([
    { from: 0, to: 23 },
    { from: 61, to: 99 },
  ])
  expect(divideAtGaps({ from: 30, to: 50 }, silentFrom(40, 5))).toEqual([])
})
