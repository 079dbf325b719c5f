import { expect, test } from 'vitest'
import { FingerprintBuilder, storedPart } from '../fingerprint-builder.ts'
import { matchFingerprints } from '../match/match-fingerprints.ts'
import { SIDE, sceneFrame, withBars } from '../testing/synthetic-video.ts'
import { findRectangles } from './find-rectangles.ts'
import { FIRST_QUERY_VIEW } from './query-views.ts'
import { rotatedLuma } from './rotated-luma.ts'

const FRAMES = 60
const film = Array.from({ length: FRAMES }, (_, i) => sceneFrame(i))
const behind = Array.from({ length: FRAMES }, (_, i) => sceneFrame(400 + i))
const inset = { left: 20.5, top: 40.25, right: 140, bottom: 150 }

function fingerprintOf(frames: readonly Uint8Array[], isQuery: boolean) {
  const builder = new FingerprintBuilder(isQuery ? { query: { viewIntervalMs: 250, aspect: 16 / 9 } } : {})
  for (const [i, pixels] of frames.entries()) builder.pushFrame(i * 250, pixels)
  return builder.finish({ durationSeconds: frames.length / 4, audioStartMs: 0 })
}

const stored = fingerprintOf(film, false)

test('the edges of an inset picture are found between pixels', () => {
  const frames = film.map((pixels, i) => withBars(pixels, inset, behind[i]))
  const [first] = findRectangles(frames)
  for (const side of ['left', 'top', 'right', 'bottom'] as const) {
    expect(Math.abs((first?.[side] ?? 0) - inset[side])).toBeLessThan(0.75)
  }
})

test('an inset picture is recognised before a moving background', () => {
  const frames = film.map((pixels, i) => withBars(pixels, inset, behind[i]))
  const match = matchFingerprints(fingerprintOf(frames, true), stored)
  expect(match.accepted).toBe(true)
  expect(match.segments).toHaveLength(1)
  expect(matchFingerprints(fingerprintOf(frames, false), stored).accepted).toBe(false)
})

test.each([-6, 6, 10])('a picture turned by %d degrees is recognised', (degrees) => {
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

test('a dark edge that was cut as a bar is tried as a part of the picture too', () => {
  const dark = film.map((pixels) => pixels.map((value, at) => (at < SIDE * 30 ? 20 : value)))
  const copy = dark.map((pixels) => withBars(pixels, { left: 0, top: 0, right: SIDE, bottom: 191 }))
  const views = fingerprintOf(copy, true).views ?? []
  expect(views.some(({ cut }) => cut === FIRST_QUERY_VIEW)).toBe(true)
})

test('nothing of what only a query has is stored', () => {
  const query = fingerprintOf(film, true)
  expect(storedPart(query)).toEqual(stored)
})
