import { expect, test } from 'vitest'
import { type Edit, editedFingerprint, mirrored } from '../../testing/edited-video.ts'
import { randomOf } from '../../testing/random.ts'
import { overlaid, SIDE } from '../../testing/synthetic-video.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { FingerprintBuilder } from '../fingerprint/fingerprint-builder.ts'
import { SHARED_DETAILS, sharedDetails } from './detail-screening.ts'

const SECONDS = 12
const RATE = 11_025

function fingerprintOf(first: number, edit: Edit | null): Fingerprint {
  return editedFingerprint(first, edit, SECONDS)
}

/** Shows a square of 128 pixels that moves across the picture in the whole frame. */
function movingWindow(pixels: Uint8Array, index: number): Uint8Array {
  const [left, top] = [index % 64, 64 - (index % 64)]
  const [right, bottom] = [1.5 * (SIDE - left), 1.5 * (SIDE - top)]
  return overlaid(pixels, { left: -1.5 * left, top: -1.5 * top, right, bottom })
}

function soundOf(pcm: Int16Array): Fingerprint {
  const builder = new FingerprintBuilder()
  builder.pushAudio(pcm)
  return builder.finish({ durationSeconds: pcm.length / RATE, audioStartMs: 0 })
}

/** Short notes at random times. Their content is a function of the seed. */
function notes(seed: number, seconds: number): Int16Array {
  const random = randomOf(seed)
  const pcm = new Float64Array(seconds * RATE)
  for (let at = 0; at < pcm.length; at += Math.round((0.08 + 0.3 * random()) * RATE)) {
    const frequencyHz = 220 * 2 ** (3.5 * random())
    for (let i = 0; i < 0.35 * RATE && at + i < pcm.length; i++) {
      const loudness = 8000 * Math.exp(-i / (0.08 * RATE))
      pcm[at + i] = (pcm[at + i] ?? 0) + loudness * Math.sin((2 * Math.PI * frequencyHz * i) / RATE)
    }
  }
  return Int16Array.from(pcm)
}

const film = fingerprintOf(40, null)

test('a copy whose window moves shares details with its original, upright and mirrored', () => {
  const edits: Edit[] = [movingWindow, (pixels, i) => mirrored(movingWindow(pixels, i))]
  for (const edit of edits)
    expect(sharedDetails(fingerprintOf(48, edit), film)).toBeGreaterThan(2 * SHARED_DETAILS)
})

test('unrelated scenes share few details', () => {
  expect(sharedDetails(fingerprintOf(3000, movingWindow), film)).toBeLessThan(SHARED_DETAILS)
})

test('sound under louder sound shares details, other sound none', () => {
  const song = notes(1, 40)
  const speech = notes(2, 15)
  const mixed = speech.map((sample, i) => 0.5 * sample + 0.4 * (song[12 * RATE + i] ?? 0))
  expect(sharedDetails(soundOf(mixed), soundOf(song))).toBeGreaterThan(SHARED_DETAILS)
  expect(sharedDetails(soundOf(notes(3, 15)), soundOf(song))).toBe(0)
})

test('a video without pictures or sound shares nothing', () => {
  const empty = new FingerprintBuilder().finish({ durationSeconds: 0, audioStartMs: 0 })
  expect([sharedDetails(empty, film), sharedDetails(film, empty)]).toEqual([0, 0])
})
