import { expect, test } from 'vitest'
import { fingerprintOf, melody, mix, RATE } from '../../testing/melody.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { landmarkKeysOf, queryLandmarkKeysOf } from './landmark-keys.ts'
import { type KeyHit, rankByKeys } from './rank-by-keys.ts'

const library = new Map([1, 2, 3, 4, 5, 6].map((seed) => [`song ${seed}`, fingerprintOf(melody(seed, 120))]))
const speaker = melody(20, 20)

/** What the index returns: the stored stretches that share a key with one of the query. */
function hitsOf(query: Fingerprint): KeyHit[] {
  return [...library].flatMap(([videoId, stored]) =>
    queryLandmarkKeysOf(query).flatMap((here) =>
      landmarkKeysOf(stored).flatMap((there): KeyHit[] => {
        const keys = there.keys.filter((key) => here.keys.includes(key))
        return keys.length > 0 ? [{ videoId, queryMs: here.timeMs, refMs: there.timeMs, keys }] : []
      }),
    ),
  )
}

/** Hollow and coarse, as through a telephone of 8 bits. */
function throughTelephone(pcm: Int16Array): Int16Array {
  return pcm.map((sample, i) => 256 * Math.round((sample - (pcm[i - 1] ?? 0)) / 256))
}

test.each<[string, (pcm: Int16Array) => Int16Array]>([
  ['as it is', (pcm) => pcm],
  ['under a voice as loud', (pcm) => mix(pcm, 0.5, speaker)],
  ['through a telephone', throughTelephone],
])('twenty seconds of a song name it first, at their time: %s', (_, edit) => {
  const excerpt = edit(melody(3, 120).slice(61.3 * RATE, 81.3 * RATE))
  const [first] = rankByKeys(hitsOf(fingerprintOf(excerpt)), { limit: 12, binMs: 5000 })
  expect(first?.videoId).toBe('song 3')
  const { queryMs = 0, refMs = 0 } = first?.seeds[0] ?? {}
  expect(Math.abs(refMs - queryMs - 61_300)).toBeLessThanOrEqual(5000)
})

test('a song that is not stored shares no two keys along one offset with any other', () => {
  expect(rankByKeys(hitsOf(fingerprintOf(melody(30, 60))), { limit: 12, binMs: 5000 })).toEqual([])
})

test('sound has a few keys a second of at most 31 bits, in rows of five seconds', () => {
  const rows = landmarkKeysOf(library.get('song 1') as Fingerprint)
  const times = rows.map(({ timeMs }) => timeMs)
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
  expect(times.every((ms) => ms % 5000 === 0 && ms < 120_000)).toBe(true)
  const keys = rows.flatMap((row) => row.keys)
  // A melody has fewer peaks than film, which has seven keys a second.
  expect(keys.length / 120).toBeGreaterThan(0.5)
  expect(keys.length / 120).toBeLessThan(20)
  expect(keys.every((key) => Number.isInteger(key) && key >= 0 && key < 2 ** 31)).toBe(true)
})

test('a long query is probed at sixty stretches over its whole length', () => {
  const rows = queryLandmarkKeysOf(fingerprintOf(melody(7, 400)))
  expect(rows).toHaveLength(60)
  expect(rows.at(-1)?.timeMs).toBeGreaterThan(385_000)
})

test('silence, a fingerprint without peaks and peaks after 24 hours have no keys', () => {
  const song = library.get('song 1') as Fingerprint
  const { audio } = song
  if (!audio?.peaks) throw new Error('The song has no peaks.')
  const after = {
    ...audio,
    peaks: { ...audio.peaks, spectra: audio.peaks.spectra.map((at) => at + 3_800_000) },
  }
  const { peaks: _, ...withoutPeaks } = audio
  const empty = [fingerprintOf(new Int16Array(10 * RATE)), { ...song, audio: null }]
  for (const one of [...empty, { ...song, audio: after }, { ...song, audio: withoutPeaks }])
    expect(landmarkKeysOf(one)).toEqual([])
  expect(landmarkKeysOf({ ...song, audio: { ...audio, startMs: Number.NaN } })).toEqual([])
})
