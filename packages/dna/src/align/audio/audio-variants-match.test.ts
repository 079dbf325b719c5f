import { describe, expect, test } from 'vitest'
import { song } from '../../../testing/synthetic-sound.ts'
import { excerptOf } from '../../fingerprint/excerpt.ts'
import { SAMPLING } from '../../fingerprint/fingerprint-builder.ts'
import { hashDistance } from '../../hash/hamming.ts'
import type { CandidateHit } from '../../index/timed-hash.ts'
import {
  audioWindowsOf,
  type Fingerprint,
  FingerprintBuilder,
  matchFingerprints,
  passesPrefilter,
  queryHashesOf,
  rankCandidates,
  storedPart,
  variantWindowsOf,
} from '../../index.ts'

function printed(pcm: Int16Array, { asQuery = true } = {}): Fingerprint {
  const builder = new FingerprintBuilder({ query: asQuery ? { viewIntervalMs: 1000, aspect: 1 } : undefined })
  builder.pushAudio(pcm)
  return builder.finish({ durationSeconds: pcm.length / SAMPLING.audioSampleRate, audioStartMs: 0 })
}

/** A function that computes each result once. */
function memoised<T>(compute: (argument: number) => T): (argument: number) => T {
  const results = new Map<number, T>()
  return (argument) => {
    const result = results.get(argument) ?? compute(argument)
    results.set(argument, result)
    return result
  }
}

const SECONDS = 30
const original = printed(song({ seed: 3, seconds: SECONDS }), { asQuery: false })
const other = printed(song({ seed: 4, seconds: SECONDS }), { asQuery: false })
const resampled = (speed: number) =>
  song({ seed: 3, seconds: SECONDS, semitones: 12 * Math.log2(speed), speed })
const shifted = memoised((semitones) => printed(song({ seed: 3, seconds: SECONDS, semitones })))

/** Hits of the variants of a query's audio among the entries of both songs, as the index would return them. */
function hitsOf(query: Fingerprint): CandidateHit[] {
  const entries = [
    ...audioWindowsOf(original).map((entry) => ({ videoId: 'original', ...entry })),
    ...audioWindowsOf(other).map((entry) => ({ videoId: 'other', ...entry })),
  ]
  return variantWindowsOf(query).flatMap(({ timeMs, hash, audioVariant }) =>
    entries
      .map(({ videoId, hash: entry, timeMs: refMs }) => {
        const distance = hashDistance(entry, 0, { b: hash, j: 0 })
        return { videoId, kind: 'audio' as const, queryMs: timeMs, refMs, distance, audioVariant }
      })
      .filter(({ distance }) => distance < 100),
  )
}

describe('audio that is played faster or slower', () => {
  test.each([0.8, 0.93, 1.1, 1.25])('%f times is found at that speed', (speed) => {
    const { accepted, segments } = matchFingerprints(printed(resampled(speed)), original)
    expect(accepted).toBe(true)
    expect(segments).toHaveLength(1)
    expect(segments[0]?.speed).toBeCloseTo(speed, 6)
    expect(segments[0]?.kind).toBe('audio')
    expect(Math.abs((segments[0]?.refEnd ?? 0) - SECONDS)).toBeLessThan(0.5)
  })
})

describe('audio whose pitch is shifted', () => {
  test.each([-4, -1, 2, 3])('by %i semitones is found at normal speed', (semitones) => {
    const { accepted, segments } = matchFingerprints(shifted(semitones), original)
    expect(accepted).toBe(true)
    expect(segments).toMatchObject([{ speed: 1, kind: 'audio' }])
  })

  test('is not found without the spectra of the query, which are not stored', () => {
    const query = shifted(3)
    expect(query.audio?.spectra).toBeDefined()
    const stored = storedPart(query)
    expect(stored.audio).not.toHaveProperty('spectra')
    expect(matchFingerprints(stored, original).accepted).toBe(false)
  })
})

test('another song does not match at any pitch', () => {
  for (const semitones of [0, 2, -3]) {
    expect(matchFingerprints(shifted(semitones), other).score).toBeLessThan(0.35)
  }
})

test('what a query remembers from one reference serves another of any length', () => {
  const brief = excerptOf(original, { fromMs: 10_000, toMs: 22_000 })
  const [query, fresh] = [shifted(3), structuredClone(shifted(3))]
  matchFingerprints(query, other)
  matchFingerprints(query, brief)
  expect(matchFingerprints(query, original)).toEqual(matchFingerprints(fresh, original))
})

test('the variants of a query find the original, and alignment starts there', () => {
  const query = printed(resampled(1.19))
  expect(queryHashesOf(query).audio.every(({ audioVariant }) => audioVariant === undefined)).toBe(true)
  const [first, ...others] = rankCandidates({ hits: hitsOf(query), limit: 10, maxWeak: 6 })
  expect(first?.videoId).toBe('original')
  const seeds = first?.seeds ?? []
  expect(seeds[0]?.audioVariant).toBeDefined()
  expect(matchFingerprints(query, original, { seeds })).toMatchObject({
    accepted: true,
    segments: [{ speed: 1.19 }],
  })
  expect(matchFingerprints(query, original, { seeds: [] }).accepted).toBe(false)
  for (const { seeds: wrong } of others)
    expect(matchFingerprints(query, other, { seeds: wrong }).score).toBeLessThan(0.35)
})

test('a seed of a variant passes the prefilter only if the audio around it fits', () => {
  const long = printed(song({ seed: 3, seconds: 70 }), { asQuery: false })
  const query = shifted(2)
  const audioVariant = variantWindowsOf(query).map((hash) => hash.audioVariant ?? -1)
  const passing = [...new Set(audioVariant)].filter((variant) =>
    passesPrefilter(query, long, [{ queryMs: 20_000, refMs: 20_000, audioVariant: variant }]),
  )
  expect(passing.length).toBeGreaterThan(0)
  expect(passing.length).toBeLessThan(6)
})

test('an excerpt has the spectra of its items', () => {
  const excerpt = excerptOf(shifted(2), { fromMs: 10_000, toMs: 30_000 })
  const { segments } = matchFingerprints(excerpt, original)
  expect(segments).toHaveLength(1)
  expect(Math.abs((segments[0]?.refStart ?? 0) - 10)).toBeLessThan(0.5)
})
