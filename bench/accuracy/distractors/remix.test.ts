import { decodeFingerprint, encodeFingerprint, type Fingerprint, matchFingerprints } from '@kinoprint/dna'
import { expect, test } from 'vitest'
import { bitsIn } from '../bits.ts'
import { randomOf } from '../random.ts'
import { frameMask, isFar } from './masks.ts'
import { remix } from './remix.ts'

/** Synthetic footage: a new picture every two seconds, with slight motion in between. */
function source(seed: number): Fingerprint {
  const random = randomOf('source', seed)
  const word = () => Math.floor(random() * 2 ** 32)
  const frames = Array.from({ length: 160 }, (_, n) => n * 250)
  let shown: number[] = []
  const hashes = frames.flatMap((timeMs) => {
    if (timeMs % 2000 === 0) shown = Array.from({ length: 8 }, word)
    return shown.map((one) => (one ^ (1 << Math.floor(random() * 32))) >>> 0)
  })
  return {
    durationSeconds: 40,
    video: {
      intervalMs: 250,
      startMs: Uint32Array.from(frames),
      lastMs: Uint32Array.from(frames),
      hashes: Uint32Array.from(hashes),
      quality: new Uint8Array(frames.length).fill(90),
      picture: [0, 0, 1, 1],
    },
    audio: { startMs: 0, items: Uint32Array.from({ length: 300 }, word) },
  }
}

const sources = [1, 2, 3].map(source)

test('a distractor has the requested length, and the same seed makes the same one', () => {
  const made = remix(sources, { seconds: 300, random: randomOf('a') })
  expect(decodeFingerprint(encodeFingerprint(made)).durationSeconds).toBe(300)
  expect(made.video.startMs.at(-1)).toBeGreaterThan(298_000)
  expect(made).toEqual(remix(sources, { seconds: 300, random: randomOf('a') }))
  expect(made).not.toEqual(remix(sources, { seconds: 300, random: randomOf('b') }))
})

test('a distractor is not a copy of its sources', () => {
  const made = remix(sources, { seconds: 120, random: randomOf('c') })
  for (const one of sources) expect(matchFingerprints(one, made).accepted).toBe(false)
})

/** One picture for its whole length, as from a camera on a tripod. */
function still(seed: number): Fingerprint {
  const { video, ...film } = source(seed)
  return { ...film, video: { ...video, hashes: video.hashes.map((_, n) => video.hashes[n % 8] ?? 0) } }
}

test('even a distractor of still pictures is as far from real frames as unrelated footage', () => {
  const films = [still(4), still(5), still(6)]
  const { hashes } = remix(films, { seconds: 600, random: randomOf('d') }).video
  expect(hashes.length).toBeGreaterThan(8 * 1000)
  for (let at = 0; at < hashes.length; at += 8) expect(isFar(hashes.subarray(at, at + 8), films)).toBe(true)
})

test('a mask that would mirror a picture is not used', () => {
  const film = still(7)
  const mirrored = {
    ...film,
    video: { ...film.video, hashes: film.video.hashes.map((word) => word ^ 0x55555555) },
  }
  const drawing = { others: [film, mirrored], random: randomOf('mirror') }
  expect(() => frameMask(drawing, { from: still(8).video.hashes, frames: [0], real: [] })).toThrow(
    'too uniform',
  )
})

/** The film with keypoints in a frame in two seconds, and peaks in every spectrum. */
function detailed(seed: number): Fingerprint {
  const film = source(seed)
  const random = randomOf('detailed', seed)
  const below = (end: number, length: number) => Uint8Array.from({ length }, () => Math.floor(random() * end))
  const peaks = { spectra: Uint32Array.from({ length: 1600 }, (_, n) => n), bins: below(190, 1600) }
  const local = {
    aspect: 16 / 9,
    timeMs: Uint32Array.from({ length: 20 }, (_, n) => 2000 * n),
    counts: new Uint8Array(20).fill(24),
    columns: below(256, 480),
    rows: below(256, 480),
    levels: below(5, 480),
    descriptors: Uint32Array.from({ length: 1920 }, () => Math.floor(random() * 2 ** 32)),
  }
  return { ...film, local, ...(film.audio && { audio: { ...film.audio, peaks } }) }
}

test('a distractor has keypoints and peaks that are stored, and is no copy by them', () => {
  const films = [detailed(7), detailed(8)]
  const made = remix(films, { seconds: 60, random: randomOf('e') })
  const stored = decodeFingerprint(encodeFingerprint(made))
  expect(stored.local?.timeMs.length).toBeGreaterThan(20)
  expect(stored.audio?.peaks?.bins.length).toBeGreaterThan(2000)
  for (const film of films) expect(matchFingerprints(film, stored).accepted).toBe(false)
})

test('the keypoints of a distractor are those of the negative but for a bit in 32, at opposite positions', () => {
  const films = [detailed(9), detailed(10)]
  const { local } = remix(films, { seconds: 60, random: randomOf('f') })
  const keypointsOf = (track: Fingerprint['local'], as: (at: number) => number = (at) => at) =>
    Array.from(track?.levels ?? [], (level, i) => ({
      position: [as(track?.columns[i] ?? 0), as(track?.rows[i] ?? 0), level].join(),
      words: [...(track?.descriptors.subarray(4 * i, 4 * i + 4) ?? [])],
    }))
  const originals = films.flatMap((film) => keypointsOf(film.local, (at) => 255 - at))
  const made = keypointsOf(local)
  expect(made.length).toBeGreaterThan(400)
  const changed = made.map(({ position, words }) =>
    Math.min(
      ...originals
        .filter((original) => original.position === position)
        .map((original) => words.reduce((sum, word, n) => sum + bitsIn(~word ^ (original.words[n] ?? 0)), 0)),
    ),
  )
  expect(Math.max(...changed)).toBeLessThan(20)
  const mean = changed.reduce((sum, bits) => sum + bits, 0) / changed.length
  expect(mean).toBeGreaterThan(3.5)
  expect(mean).toBeLessThan(4.5)
})
