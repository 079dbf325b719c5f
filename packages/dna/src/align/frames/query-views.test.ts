import { expect, test } from 'vitest'
import { rotatedLuma } from '../../../reference/rotated-luma.ts'
import { overlaid, SIDE, sceneFrame } from '../../../testing/synthetic-video.ts'
import { FingerprintBuilder, storedPart } from '../../fingerprint/fingerprint-builder.ts'
import { findInsets } from '../../picture/inset-rectangles.ts'
import { findPersistentEdges } from '../../picture/persistent-edges.ts'
import { FIRST_QUERY_VIEW } from '../../picture/query-views.ts'
import { matchFingerprints } from '../match-fingerprints.ts'

const FRAMES = 40
const film = Array.from({ length: FRAMES }, (_, i) => sceneFrame(i))
const background = Array.from({ length: FRAMES }, (_, i) => sceneFrame(400 + i))
const inset = { left: 20.5, top: 40.25, right: 140, bottom: 150 }

function fingerprintOf(frames: readonly Uint8Array[], isQuery: boolean) {
  const builder = new FingerprintBuilder(isQuery ? { query: { viewIntervalMs: 250, aspect: 16 / 9 } } : {})
  for (const [i, pixels] of frames.entries()) builder.pushFrame(i * 250, pixels)
  return builder.finish({ durationSeconds: frames.length / 4, audioStartMs: 0 })
}

const stored = fingerprintOf(film, false)

test('the edges of an inset are located between pixels', () => {
  const frames = film.map((pixels, i) => overlaid(pixels, inset, background[i]))
  const [first] = findInsets(findPersistentEdges(frames))
  for (const side of ['left', 'top', 'right', 'bottom'] as const) {
    expect(Math.abs((first?.[side] ?? 0) - inset[side])).toBeLessThan(0.75)
  }
})

test('an inset is recognised over a moving background', () => {
  const frames = film.map((pixels, i) => overlaid(pixels, inset, background[i]))
  const match = matchFingerprints(fingerprintOf(frames, true), stored)
  expect(match.accepted).toBe(true)
  expect(match.segments).toHaveLength(1)
  expect(match.segments[0]?.refBox).toBeNull()
  const { left = 0, top = 0, right = 0, bottom = 0 } = match.segments[0]?.queryBox ?? {}
  expect(Math.abs(SIDE * left - inset.left)).toBeLessThan(1)
  expect(Math.abs(SIDE * top - inset.top)).toBeLessThan(1)
  expect(Math.abs(SIDE * right - inset.right)).toBeLessThan(1)
  expect(Math.abs(SIDE * bottom - inset.bottom)).toBeLessThan(1)
  expect(matchFingerprints(fingerprintOf(frames, false), stored).accepted).toBe(false)
})

test.each([-6, 6, 10])('a picture rotated by %d degrees is recognised', (degrees) => {
  const frames = film.map((pixels) => {
    const whole = { left: 0, top: 0, right: SIDE, bottom: SIDE }
    const output = new Float32Array(64 * 64)
    const small = rotatedLuma({ pixels, side: SIDE }, whole, { degrees, aspect: 16 / 9, output })
    return Uint8Array.from(
      { length: SIDE * SIDE },
      (_, at) => small[Math.trunc(at / SIDE / 3) * 64 + Math.trunc((at % SIDE) / 3)] ?? 0,
    )
  })
  const match = matchFingerprints(fingerprintOf(frames, true), stored)
  expect(match.accepted).toBe(true)
  expect(match.segments[0]).toMatchObject({ queryStart: 0, refStart: 0, queryEnd: FRAMES / 4 })
})

test('a dark edge removed as a bar is also tried as part of the picture', () => {
  const dark = film.map((pixels) => pixels.map((value, at) => (at < SIDE * 30 ? 20 : value)))
  const copy = dark.map((pixels) => overlaid(pixels, { left: 0, top: 0, right: SIDE, bottom: 191 }))
  const views = fingerprintOf(copy, true).views ?? []
  expect(views.some(({ viewId }) => viewId === FIRST_QUERY_VIEW)).toBe(true)
})

test('query views and bit error rates are not stored', () => {
  const query = fingerprintOf(film, true)
  expect(storedPart(query)).toEqual(stored)
})
