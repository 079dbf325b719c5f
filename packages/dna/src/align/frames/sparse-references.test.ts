import { expect, test } from 'vitest'
import { SIDE, sceneFrame } from '../../../testing/synthetic-video.ts'
import { decodeFingerprint } from '../../fingerprint/decode-fingerprint.ts'
import { encodeFingerprint } from '../../fingerprint/encode-fingerprint.ts'
import { FingerprintBuilder, SPARSE_SAMPLING, storedPart } from '../../fingerprint/fingerprint-builder.ts'
import { indexFramesOf } from '../../index/index-frames.ts'
import { matchFingerprints } from '../match-fingerprints.ts'

const FRAMES = 240
/** A minute of film with a new shot every five seconds. */
const film = Array.from({ length: FRAMES }, (_, i) => sceneFrame(i))
/** Uneven: one in 4.25 s, and one at each third shot. */
const keyframes = film.map((_, i) => i).filter((i) => i % 17 === 0 || i % 60 === 0)

/** Pushes only those of four frames a second that are in `shown`. */
function storedSparsely(frames: readonly Uint8Array[], shown: readonly number[]) {
  const builder = new FingerprintBuilder({ intervalMs: SPARSE_SAMPLING.intervalMs })
  for (const i of shown) builder.pushFrame(250 * i, frames[i] as Uint8Array)
  const fingerprint = builder.finish({ durationSeconds: frames.length / 4, audioStartMs: 0 })
  return decodeFingerprint(encodeFingerprint(storedPart(fingerprint)))
}

function queryOf(frames: readonly Uint8Array[]) {
  const builder = new FingerprintBuilder({ query: { viewIntervalMs: 250, aspect: 16 / 9 } })
  for (const [i, pixels] of frames.entries()) builder.pushFrame(250 * i, pixels)
  return builder.finish({ durationSeconds: frames.length / 4, audioStartMs: 0 })
}

function mirrored(pixels: Uint8Array): Uint8Array {
  return pixels.map((_, at) => pixels[at - (at % SIDE) + SIDE - 1 - (at % SIDE)] as number)
}

const stored = storedSparsely(film, keyframes)

test('keyframes closer than two seconds are dropped, and each one stands for its own moment only', () => {
  expect(stored.video.intervalMs).toBe(2000)
  const all = storedSparsely(
    film,
    film.map((_, i) => i),
  )
  const { startMs, lastMs } = all.video
  expect(startMs.length).toBe(Math.ceil(FRAMES / 7))
  expect([...lastMs]).toEqual([...startMs])
  expect([...startMs].slice(1).every((ms, i) => ms - (startMs[i] as number) >= 1750)).toBe(true)
})

test('a still picture gives a sparse video one run a keyframe', () => {
  const still = film.map(() => sceneFrame(0))
  expect(storedSparsely(still, keyframes).video.startMs).toHaveLength(
    storedSparsely(film, keyframes).video.startMs.length,
  )
})

test.each([
  ['an excerpt', (pixels: Uint8Array) => pixels, false],
  ['a mirrored excerpt', mirrored, true],
])('%s of a video stored by its keyframes is found at the right seconds', (_, edit, isMirrored) => {
  const match = matchFingerprints(queryOf(film.slice(60, 180).map(edit)), stored)
  expect(match.accepted).toBe(true)
  expect(match.segments).toHaveLength(1)
  const [segment] = match.segments
  expect(segment).toMatchObject({ kind: 'video', speed: 1, mirrored: isMirrored, reversed: false })
  expect(Math.abs((segment?.queryStart ?? 99) - 0)).toBeLessThan(0.3)
  expect(Math.abs((segment?.queryEnd ?? 99) - 30)).toBeLessThan(0.3)
  expect(Math.abs((segment?.refStart ?? 99) - 15)).toBeLessThan(0.3)
  expect(Math.abs((segment?.refEnd ?? 99) - 45)).toBeLessThan(0.3)
})

test('a boundary between two keyframes is reported half-way between them', () => {
  const other = Array.from({ length: 80 }, (_, i) => sceneFrame(4000 + i))
  const match = matchFingerprints(queryOf([...other, ...film.slice(60, 180), ...other]), stored)
  expect(match.accepted).toBe(true)
  const [segment] = match.segments
  const offset = (segment?.refStart ?? 0) - (segment?.queryStart ?? 0)
  expect(Math.abs(offset - (15 - 20))).toBeLessThan(0.3)
  // Keyframes are 3.6 s apart on average.
  expect(Math.abs((segment?.queryStart ?? 99) - 20)).toBeLessThan(3.6)
  expect(Math.abs((segment?.queryEnd ?? 99) - 50)).toBeLessThan(3.6)
})

test('a single common keyframe names the pair but does not prove it', () => {
  const other = (from: number, count: number) => Array.from({ length: count }, (_, i) => sceneFrame(from + i))
  const shared = film.slice(66, 70)
  const match = matchFingerprints(queryOf([...other(5000, 40), ...shared, ...other(6000, 40)]), stored)
  expect(match.segments.length).toBeGreaterThan(0)
  expect(match.accepted).toBe(false)
})

test('unrelated footage does not match keyframes at any speed', () => {
  const other = Array.from({ length: FRAMES }, (_, i) => sceneFrame(7000 + i))
  expect(matchFingerprints(queryOf(other), stored).accepted).toBe(false)
})

test('the index contains a keyframe in about four seconds', () => {
  const dense = storedSparsely(
    film,
    film.map((_, i) => i),
  )
  const whole = indexFramesOf({ ...dense, views: [] })
  const gaps = whole.slice(1).map(({ timeMs }, i) => timeMs - (whole[i]?.timeMs ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(3500)
  expect(whole.length).toBeLessThanOrEqual(60 / 3.5 + 1)
  expect(whole.length).toBeGreaterThan(60 / 6)
})
