import { expect, test } from 'vitest'
import { randomOf } from '../../../testing/random.ts'
import type { AudioTimeline } from '../../fingerprint/audio-timeline.ts'
import { alignAudio } from './align-audio.ts'
import { audioSurprise } from './audio-surprise.ts'

function timelineOf(items: readonly number[]): AudioTimeline {
  return {
    startMs: 0,
    durationMs: items.length * 124,
    items: Uint32Array.from(items),
    lively: new Float32Array(items.length).fill(1),
  }
}

/** Items that differ from one of `sounds` sounds, repeated in turn, in two bits each. */
function repeating(sounds: number, length: number): AudioTimeline {
  const random = randomOf(11)
  const word = () => Math.floor(random() * 2 ** 32)
  const flip = () => 1 << Math.floor(random() * 32)
  const own = Array.from({ length: sounds }, word)
  return timelineOf(Array.from({ length }, (_, i) => ((own[i % sounds] ?? 0) ^ flip() ^ flip()) >>> 0))
}

test('a match of varied audio counts in full', () => {
  const varied = repeating(400, 400)
  expect(audioSurprise(varied, varied)({ from: 100, to: 200 })).toBe(1)
})

test('a match of audio that repeats one sound counts next to nothing', () => {
  const beeps = repeating(1, 400)
  expect(audioSurprise(beeps, beeps)({ from: 100, to: 200 })).toBeLessThan(0.1)
})

test('the same sound repeated in two recordings is no evidence', () => {
  const beeps = repeating(1, 120)
  expect(alignAudio(beeps, beeps)).toEqual([])
})

test('playback at half the speed is not twice the evidence', () => {
  const repeated = (items: Iterable<number>, times: number) =>
    [...items].flatMap((item) => Array.from({ length: times }, () => item))
  const ref = timelineOf(repeated(repeating(100, 100).items, 4))
  const normal = [...ref.items.slice(0, 200)]
  const [whole] = alignAudio(timelineOf(normal), ref)
  const [slow] = alignAudio(timelineOf(repeated(normal, 2)), ref)
  expect(slow?.rate).toBeCloseTo(0.5, 2)
  expect(slow?.evidence).toBeLessThan(whole?.evidence ?? 0)
})
