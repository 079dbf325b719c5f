import { expect, test } from 'vitest'
import { song } from '../../testing/synthetic-sound.ts'
import {
  audioWindowsOf,
  type Fingerprint,
  FingerprintBuilder,
  furtherHashesOf,
  hashDistance,
  pitchHashesOf,
  SAMPLING,
} from '../index.ts'

function printed(pcm: Int16Array, { asQuery = true } = {}): Fingerprint {
  const builder = new FingerprintBuilder({ query: asQuery ? { viewIntervalMs: 1000, aspect: 1 } : undefined })
  builder.pushAudio(pcm)
  return builder.finish({ durationSeconds: pcm.length / SAMPLING.audioSampleRate, audioStartMs: 0 })
}

const SECONDS = 30
const entries = audioWindowsOf(printed(song({ seed: 3, seconds: SECONDS }), { asQuery: false }))
const shifted = printed(song({ seed: 3, seconds: SECONDS, semitones: 2 }))

/** Times of the index entries that one variant of a query hits at the right moment. */
function entriesHit({ audio }: ReturnType<typeof furtherHashesOf>): Set<number> {
  const isNear = (hash: Uint32Array, other: Uint32Array) => hashDistance(hash, 0, { b: other, j: 0 }) < 80
  const hit = audio.flatMap(({ timeMs, hash }) =>
    entries.filter((entry) => Math.abs(entry.timeMs - timeMs) < 600 && isNear(hash, entry.hash)),
  )
  return new Set(hit.map(({ timeMs }) => timeMs))
}

test('more windows of the audio at another pitch hit entries in three stretches, the usual ones in one', () => {
  expect(entriesHit(furtherHashesOf(shifted)).size).toBe(1)
  expect(entriesHit(pitchHashesOf(shifted)).size).toBeGreaterThanOrEqual(3)
})

test('the number of windows at another pitch is bounded, and a short query has those that fit', () => {
  const variants = new Set(furtherHashesOf(shifted).audio.map(({ audioVariant }) => audioVariant)).size
  expect(furtherHashesOf(shifted).audio).toHaveLength(2 * variants)
  expect(pitchHashesOf(shifted)).toMatchObject({ video: [] })
  expect(pitchHashesOf(shifted).audio).toHaveLength(12 * variants)
  const short = pitchHashesOf(printed(song({ seed: 3, seconds: 5 }))).audio
  expect(short.length).toBeGreaterThan(0)
  expect(short.length).toBeLessThan(6 * variants)
  expect(pitchHashesOf(printed(song({ seed: 3, seconds: 1 }))).audio).toEqual([])
  expect(pitchHashesOf(printed(new Int16Array(200_000))).audio).toEqual([])
})
