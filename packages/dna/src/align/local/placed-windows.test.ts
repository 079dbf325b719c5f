import { describe, expect, test } from 'vitest'
import { mirrored } from '../../../testing/edited-video.ts'
import { randomOf } from '../../../testing/random.ts'
import { overlaid, rotated, SIDE } from '../../../testing/synthetic-video.ts'
import { excerptOf } from '../../fingerprint/excerpt.ts'
import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { FingerprintBuilder } from '../../fingerprint/fingerprint-builder.ts'
import { matchFingerprints } from '../match-fingerprints.ts'
import type { Box } from '../segments/segment.ts'

const STEP_MS = 250
const SECONDS = 16

type Frame = (index: number) => Uint8Array

function fingerprintOf(frame: Frame, { isQuery }: { isQuery: boolean }): Fingerprint {
  const builder = new FingerprintBuilder(
    isQuery ? { query: { viewIntervalMs: STEP_MS, aspect: 1 } } : { aspect: 1 },
  )
  for (let i = 0; i < (1000 * SECONDS) / STEP_MS; i++) builder.pushFrame(i * STEP_MS, frame(i))
  return builder.finish({ durationSeconds: SECONDS, audioStartMs: 0 })
}

/** A set with spots of many sizes, wider and higher than a frame. */
const SET_SIDE = 2 * SIDE
const set = setOf(240)

function setOf(spots: number): Uint8Array {
  const random = randomOf(7)
  const light = new Float64Array(SET_SIDE * SET_SIDE).fill(128)
  for (let spot = 0; spot < spots; spot++) {
    const [x, y, radius] = [random() * SET_SIDE, random() * SET_SIDE, 3 + 8 * random()]
    const level = 140 * (random() - 0.5)
    for (let row = Math.max(0, Math.ceil(y - 2 * radius)); row < Math.min(SET_SIDE, y + 2 * radius); row++)
      for (
        let column = Math.max(0, Math.ceil(x - 2 * radius));
        column < Math.min(SET_SIDE, x + 2 * radius);
        column++
      )
        light[row * SET_SIDE + column] =
          (light[row * SET_SIDE + column] as number) +
          level * Math.exp((-2 * ((column - x) ** 2 + (row - y) ** 2)) / radius ** 2)
  }
  return Uint8Array.from(light, (value) => Math.max(16, Math.min(235, Math.round(value))))
}

/** What a camera shows of the set. */
function setFrom(left: number, top: number): Uint8Array {
  return Uint8Array.from(
    { length: SIDE * SIDE },
    (_, at) => set[(Math.trunc(at / SIDE) + top) * SET_SIDE + (at % SIDE) + left] as number,
  )
}

/** How many grey levels the shadow takes away. */
const SHADOW = 80

/** How far a shadow wanders from the middle of the frame, and its usual size, in pixels. */
type Shadow = { readonly reach: number; readonly size: number }

/** A soft shadow, which wanders and grows. */
function withShadow(
  pixels: Uint8Array,
  [seed, index]: readonly [seed: number, index: number],
  { reach, size }: Shadow = { reach: 40, size: 45 },
): Uint8Array {
  const [x, y, growth] = [0, 1, 2].map((part) => wave(10 * seed + part, index)) as [number, number, number]
  const copy = pixels.slice()
  for (let at = 0; at < copy.length; at++) {
    const square = ((at % SIDE) - 96 - reach * x) ** 2 + (Math.trunc(at / SIDE) - 96 - reach * y) ** 2
    const radius = size * (1 + 0.55 * growth)
    copy[at] = Math.max(16, (copy[at] as number) - SHADOW * Math.exp(-square / radius ** 2))
  }
  return copy
}

/** A movement without a rhythm, -1 to 1. */
function wave(seed: number, index: number): number {
  const random = randomOf(seed)
  const parts = [0.05, 0.083, 0.131].map((pace) =>
    Math.sin(2 * Math.PI * (pace * (0.8 + 0.4 * random()) * index + random())),
  )
  return parts.reduce((sum, part) => sum + part, 0) / 3
}

const scenery = setFrom(40, 60)

/** A camera that stands still: most of the picture is the same in every take. */
function take(seed: number): Frame {
  return (index) => withShadow(scenery, [seed, index])
}

/** The same set with several small shadows all over it. */
function livelyTake(seed: number): Frame {
  const seeds = Array.from({ length: 5 }, (_, i) => 100 * seed + i)
  return (index) =>
    seeds.reduce((pixels, one) => withShadow(pixels, [one, index], { reach: 110, size: 28 }), scenery)
}

/** Shows a square of a share of the frame, from a pixel on. */
function closer(pixels: Uint8Array, left: number, top: number, share = 0.75): Uint8Array {
  const size = SIDE / share
  const rect = {
    left: -left / share,
    top: -top / share,
    right: size - left / share,
    bottom: size - top / share,
  }
  return overlaid(pixels, rect)
}

const film = fingerprintOf(take(1), { isQuery: false })
const query = (edit: (pixels: Uint8Array, index: number) => Uint8Array, frame: Frame = take(1)) =>
  fingerprintOf((i) => edit(frame(i), i), { isQuery: true })

function withoutFrames({ keptFrames: _, ...rest }: Fingerprint): Fingerprint {
  return rest
}

describe('a camera that stands still', () => {
  const edits: [string, (pixels: Uint8Array, index: number) => Uint8Array][] = [
    ['rotated and cropped', (pixels) => rotated(pixels, 8)],
    ['mirrored, rotated and cropped', (pixels) => rotated(mirrored(pixels), -7)],
    ['cropped by a window that moves', (pixels, i) => closer(pixels, 0.35 * i, 45 - 0.35 * i)],
  ]

  test.each(edits)('a copy is recognised although it is %s', (_, edit) => {
    const copy = query(edit)
    const match = matchFingerprints(copy, film)
    expect(match.accepted).toBe(true)
    const [segment] = match.segments
    expect(Math.abs((segment?.refStart ?? 9) - (segment?.queryStart ?? 0))).toBeLessThan(0.5)
    expect((segment?.queryEnd ?? 0) - (segment?.queryStart ?? 0)).toBeGreaterThan(12)
    expect(matchFingerprints(withoutFrames(copy), film).accepted).toBe(false)
  })

  test.each(edits)('another take is not, although it is %s as well', (_, edit) => {
    expect(matchFingerprints(query(edit, take(2)), film).accepted).toBe(false)
  })

  test('an excerpt of the copy is recognised', () => {
    const copy = excerptOf(
      query((pixels) => rotated(pixels, 8)),
      { fromMs: 4000, toMs: 14_000 },
    )
    const [segment] = matchFingerprints(copy, film).segments
    expect((segment?.refStart ?? 0) - (segment?.queryStart ?? 0)).toBeCloseTo(4, 0)
  })
})

function expectNear(box: Box | null | undefined, wanted: Box): void {
  for (const side of ['left', 'top', 'right', 'bottom'] as const)
    expect(Math.abs((box?.[side] ?? 9) - wanted[side])).toBeLessThan(0.1)
}

describe('a corner in which no stored crop is', () => {
  const livelyFilm = fingerprintOf(livelyTake(1), { isQuery: false })
  const corners: [string, (pixels: Uint8Array) => Uint8Array, { left: number; top: number }][] = [
    ['upper left', (pixels) => closer(pixels, 0, 0, 0.64), { left: 0, top: 0 }],
    [
      'lower right in a mirror',
      (pixels) => mirrored(closer(pixels, 69, 69, 0.64)),
      { left: 0.36, top: 0.36 },
    ],
  ]

  test.each(corners)('%s: is found by its movement, and located', (_, edit, { left, top }) => {
    const copy = query(edit, livelyTake(1))
    const { accepted, segments } = matchFingerprints(copy, livelyFilm)
    expect(accepted).toBe(true)
    const [{ queryStart, refStart, queryBox, refBox } = {}] = segments
    expect(Math.abs((refStart ?? 9) - (queryStart ?? 0))).toBeLessThan(0.5)
    expectNear(queryBox, { left: 0, top: 0, right: 1, bottom: 1 })
    expectNear(refBox, { left, top, right: left + 0.64, bottom: top + 0.64 })
  })

  test('keypoints alone do not prove the upper left', () => {
    const copy = query((pixels) => closer(pixels, 0, 0, 0.64), livelyTake(1))
    expect(matchFingerprints(withoutFrames(copy), livelyFilm).accepted).toBe(false)
  })

  test.each(corners)('%s: another take is not the copy', (_, edit) => {
    expect(matchFingerprints(query(edit, livelyTake(2)), livelyFilm).accepted).toBe(false)
  })
})

test.each([0.25, 0.5])(
  'a camera that pans proves nothing at another time or speed (%d pixels a frame)',
  (pace) => {
    const pan: Frame = (i) => setFrom(Math.round(pace * i), 60)
    const copy: Frame = (i) => closer(pan(i), i % 48, 47 - (i % 48))
    const { segments } = matchFingerprints(
      fingerprintOf(copy, { isQuery: true }),
      fingerprintOf(pan, { isQuery: false }),
    )
    for (const { speed, queryStart, refStart } of segments) {
      expect(speed).toBe(1)
      expect(Math.abs(refStart - queryStart)).toBeLessThan(0.5)
    }
  },
)
