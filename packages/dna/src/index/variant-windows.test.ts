import { expect, test } from 'vitest'
import { song } from '../../testing/synthetic-sound.ts'
import {
  audioWindowsOf,
  type Fingerprint,
  FingerprintBuilder,
  hashDistance,
  SAMPLING,
  storedPart,
  variantWindowsOf,
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
function entriesHit(query: Fingerprint): Set<number> {
  const isNear = (hash: Uint32Array, other: Uint32Array) => hashDistance(hash, 0, { b: other, j: 0 }) < 80
  const hit = variantWindowsOf(query).flatMap(({ timeMs, hash }) =>
    entries.filter((entry) => Math.abs(entry.timeMs - timeMs) < 600 && isNear(hash, entry.hash)),
  )
  return new Set(hit.map(({ timeMs }) => timeMs))
}

test('windows of audio at another pitch hit entries in three stretches', () => {
  expect(entriesHit(shifted).size).toBeGreaterThanOrEqual(3)
})

test('the number of windows is bounded, and a short query has those that fit', () => {
  const windows = variantWindowsOf(shifted)
  const variants = new Set(windows.map(({ audioVariant }) => audioVariant)).size
  expect(windows).toHaveLength(24 * variants)
  const short = variantWindowsOf(printed(song({ seed: 3, seconds: 5 })))
  expect(short.length).toBeGreaterThan(0)
  expect(short.length).toBeLessThan(12 * variants)
  expect(variantWindowsOf(printed(song({ seed: 3, seconds: 1 })))).toEqual([])
  expect(variantWindowsOf(printed(new Int16Array(200_000)))).toEqual([])
})

test('a stored fingerprint has no spectra, and thus no variants', () => {
  expect(variantWindowsOf(storedPart(shifted))).toEqual([])
})
