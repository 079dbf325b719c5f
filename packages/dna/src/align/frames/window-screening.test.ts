import { expect, test } from 'vitest'
import { overlaid, SIDE, sceneFrame } from '../../../testing/synthetic-video.ts'
import { FingerprintBuilder, storedPart } from '../../fingerprint/fingerprint-builder.ts'
import { cropRect } from '../../picture/crops.ts'
import type { Rect } from '../../picture/rect.ts'
import { matchFingerprints } from '../match-fingerprints.ts'
import type { Box } from '../segments/segment.ts'
import type { FrameTimelines } from './frame-timelines.ts'
import { frameTimelinesOf } from './frame-timelines.ts'
import { screenWindows } from './window-screening.ts'

const FRAMES = 60
const WHOLE = { left: 0, top: 0, right: SIDE, bottom: SIDE }
const film = Array.from({ length: FRAMES }, (_, i) => sceneFrame(i))
const host = Array.from({ length: FRAMES }, (_, i) => sceneFrame(700 + i))

function fingerprintOf(frames: readonly Uint8Array[]) {
  const builder = new FingerprintBuilder({ query: { viewIntervalMs: 250, aspect: 16 / 9 } })
  for (const [i, pixels] of frames.entries()) builder.pushFrame(i * 250, pixels)
  return builder.finish({ durationSeconds: frames.length / 4, audioStartMs: 0 })
}

const stored = storedPart(fingerprintOf(film))
const seeds = [{ queryMs: 7500, refMs: 7500 }]

/** The part of a frame, scaled to all of it. */
function cropped(pixels: Uint8Array, crop: Box): Uint8Array {
  const { left, top, right, bottom } = cropRect(crop, WHOLE)
  const scale = (size: number) => SIDE / size
  return overlaid(pixels, {
    left: -left * scale(right - left),
    top: -top * scale(bottom - top),
    right: (SIDE - left) * scale(right - left),
    bottom: (SIDE - top) * scale(bottom - top),
  })
}

function mirrored(pixels: Uint8Array): Uint8Array {
  return pixels.map((_, at) => pixels[at - (at % SIDE) + SIDE - 1 - (at % SIDE)] ?? 0)
}

/** Frames whose panel shows the film as changed by `edit`, beside other footage. */
function inPanel(panel: Rect, edit: (pixels: Uint8Array) => Uint8Array): Uint8Array[] {
  return film.map((pixels, i) => overlaid(edit(pixels), panel, host[i]))
}

/** Largest error of a side of a box, as a share of the frame. */
function boxError(box: Box | null | undefined, right: Box): number {
  if (!box) return 1
  return Math.max(
    ...(['left', 'top', 'right', 'bottom'] as const).map((side) => Math.abs(box[side] - right[side])),
  )
}

/** A part of the reference as fractions of the part that a copy shows. */
function relativeTo(shown: Box, part: Box | null | undefined): Box {
  const { left, top, right, bottom } = part ?? { left: 0, top: 0, right: 1, bottom: 1 }
  const across = (x: number) => (x - shown.left) / (shown.right - shown.left)
  const down = (y: number) => (y - shown.top) / (shown.bottom - shown.top)
  return { left: across(left), top: down(top), right: across(right), bottom: down(bottom) }
}

const right = { left: 0.5, top: 0, right: 1, bottom: 1 }
const middle = { left: 0.25, top: 0, right: 0.75, bottom: 1 }

test('the middle of a picture that fills one half of a split screen is recognised, and both boxes are stated', () => {
  const copy = fingerprintOf(inPanel(cropRect(right, WHOLE), (pixels) => cropped(pixels, middle)))
  for (const options of [{ seeds }, {}]) {
    const { accepted, segments } = matchFingerprints(copy, stored, options)
    expect(accepted).toBe(true)
    expect(segments).toHaveLength(1)
    expect(segments[0]).toMatchObject({ mirrored: false, speed: 1 })
    const { queryBox, refBox } = segments[0] ?? {}
    expect(boxError(queryBox, cropRect(relativeTo(middle, refBox), right))).toBeLessThan(0.01)
  }
})

test('a picture that is mirrored and cropped in its panel is recognised', () => {
  const crop = { left: 0, top: 0, right: 0.8, bottom: 0.8 }
  const panel = { ...WHOLE, bottom: 96 }
  const copy = fingerprintOf(inPanel(panel, (pixels) => mirrored(cropped(pixels, crop))))
  const { accepted, segments } = matchFingerprints(copy, stored, { seeds })
  expect(accepted).toBe(true)
  expect(segments[0]).toMatchObject({ mirrored: true, speed: 1 })
  expect(boxError(segments[0]?.queryBox, { left: 0, top: 0, right: 1, bottom: 0.5 })).toBeLessThan(0.01)
  expect(boxError(segments[0]?.refBox, crop)).toBeLessThan(0.01)
})

test.each([-1000, 0, 1000])(
  'a panel is named around a seed that is %i ms off, in a film of short shots',
  (off) => {
    const fast = Array.from({ length: FRAMES }, (_, i) => sceneFrame(5 * i))
    const frames = fast.map((pixels, i) => overlaid(pixels, cropRect(right, WHOLE), host[i]))
    const [query, ref] = [fingerprintOf(frames), storedPart(fingerprintOf(fast))].map(frameTimelinesOf)
    const inexact = seeds.map(({ queryMs, refMs }) => ({ queryMs, refMs: refMs + off }))
    const [found] = screenWindows(query as FrameTimelines, ref as FrameTimelines, inexact)
    expect(found?.support).toBeGreaterThan(0.7)
    expect(boxError(found?.window.box, right)).toBeLessThan(0.01)
  },
)

test('the part of a picture that no overlay covers is recognised', () => {
  const frames = film.map((pixels, i) => {
    const left = overlaid(host[i] ?? pixels, { ...WHOLE, right: 28 }, pixels)
    return overlaid(host[i + 1] ?? pixels, { ...WHOLE, left: 164 }, left)
  })
  const { accepted, segments } = matchFingerprints(fingerprintOf(frames), stored, { seeds })
  expect(accepted).toBe(true)
  const { queryBox, refBox } = segments[0] ?? {}
  expect(queryBox?.left).toBeGreaterThan(0.14)
  expect(queryBox?.right).toBeLessThan(0.86)
  expect(refBox).toEqual(queryBox)
})

test('other footage in a split screen is not a copy', () => {
  const frames = host.map((pixels, i) => overlaid(sceneFrame(1500 + i), cropRect(right, WHOLE), pixels))
  expect(matchFingerprints(fingerprintOf(frames), stored).segments).toEqual([])
})
