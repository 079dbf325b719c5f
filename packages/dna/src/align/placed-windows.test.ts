import { describe, expect, test } from 'vitest'
import { mirrored } from '../../testing/edited-video.ts'
import { randomOf } from '../../testing/random.ts'
import { overlaid, rotated, SIDE } from '../../testing/synthetic-video.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { FingerprintBuilder } from '../fingerprint/fingerprint-builder.ts'
import { excerptOf } from './excerpt.ts'
import { matchFingerprints } from './match-fingerprints.ts'

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

/** A soft shadow in the middle of the frame, which wanders and grows. */
function withShadow(pixels: Uint8Array, seed: number, index: number): Uint8Array {
  const [x, y, radius] = [0, 1, 2].map((part) => wave(10 * seed + part, index)) as [number, number, number]
  const copy = pixels.slice()
  for (let at = 0; at < copy.length; at++) {
    const square = ((at % SIDE) - 96 - 40 * x) ** 2 + (Math.trunc(at / SIDE) - 96 - 40 * y) ** 2
    copy[at] = Math.max(16, (copy[at] as number) - SHADOW * Math.exp(-square / (45 + 25 * radius) ** 2))
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
  return (index) => withShadow(scenery, seed, index)
}

/** Shows a square of three quarters of the frame. */
function closer(pixels: Uint8Array, left: number, top: number): Uint8Array {
  const size = SIDE / 0.75
  const rect = { left: -left / 0.75, top: -top / 0.75, right: size - left / 0.75, bottom: size - top / 0.75 }
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
