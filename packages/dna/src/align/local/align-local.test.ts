import { describe, expect, test } from 'vitest'
import { type Edit, editedFingerprint, mirrored } from '../../../testing/edited-video.ts'
import { overlaid, rotated, SIDE, sceneFrame } from '../../../testing/synthetic-video.ts'
import { excerptOf } from '../../fingerprint/excerpt.ts'
import type { Fingerprint } from '../../fingerprint/fingerprint.ts'
import { FingerprintBuilder } from '../../fingerprint/fingerprint-builder.ts'
import { matchFingerprints } from '../match-fingerprints.ts'
import { alignLocal } from './align-local.ts'

const STEP_MS = 250
const SECONDS = 16

function fingerprintOf(first: number, edit: Edit | null): Fingerprint {
  return editedFingerprint(first, edit, SECONDS)
}

/** Shows the square of 128 pixels at this position in the whole frame. */
function zoomed(pixels: Uint8Array, left: number, top: number): Uint8Array {
  return overlaid(pixels, {
    left: -1.5 * left,
    top: -1.5 * top,
    right: 1.5 * (SIDE - left),
    bottom: 1.5 * (SIDE - top),
  })
}

/** Covers a ninth of the picture with a square that moves. */
function covered(pixels: Uint8Array, index: number): Uint8Array {
  const left = (3 * index) % (SIDE / 2)
  return pixels.map((value, at) => {
    const [x, y] = [at % SIDE, Math.trunc(at / SIDE)]
    return x >= left && x < left + SIDE / 3 && y >= SIDE / 3 && y < (2 * SIDE) / 3
      ? (40 * index) % 256
      : value
  })
}

const FIRST = 40
const film = fingerprintOf(FIRST, null)

describe('alignLocal', () => {
  test('finds a copy whose window moves across the picture', () => {
    const query = fingerprintOf(FIRST + 8, (pixels, i) => zoomed(pixels, i % 64, 64 - (i % 64)))
    const {
      segments: [segment],
    } = alignLocal(query, film)
    expect(segment?.isStatic).toBe(false)
    expect(segment?.evidence).toBeGreaterThan(2.5)
    expect(segment?.rate).toBe(1)
    expect(Math.abs((segment?.refStartMs ?? 0) - (segment?.queryStartMs ?? 0) - 2000)).toBeLessThan(260)
    expect(segment?.queryBox).toBeNull()
    const { left = 0, right = 0 } = segment?.refBox ?? {}
    expect(right - left).toBeGreaterThan(0.6)
    expect(right - left).toBeLessThan(0.75)
  })

  test('finds a cropped copy that a moving sticker covers in part', () => {
    const query = fingerprintOf(FIRST, (pixels, i) => covered(zoomed(pixels, 20, 40), i))
    const {
      segments: [segment],
    } = alignLocal(query, film)
    expect(segment?.evidence).toBeGreaterThan(1.5)
    expect(Math.abs((segment?.refStartMs ?? 0) - (segment?.queryStartMs ?? 0))).toBeLessThan(260)
  })

  test('finds a copy that is rotated and cropped', () => {
    const {
      segments: [segment],
    } = alignLocal(
      fingerprintOf(FIRST, (pixels) => rotated(pixels, 9)),
      film,
    )
    expect(segment?.isStatic).toBe(false)
    expect(segment?.evidence).toBeGreaterThan(4)
    const { left = 0, right = 0 } = segment?.refBox ?? {}
    expect(right - left).toBeCloseTo(1 / 1.25, 1)
  })

  test('finds a mirrored copy inside another picture, and where it is', () => {
    const inset = { left: 60, top: 40, right: 180, bottom: 160 }
    const query = fingerprintOf(FIRST, (pixels, i) => overlaid(mirrored(pixels), inset, sceneFrame(2000 + i)))
    const {
      segments: [segment],
    } = alignLocal(query, film)
    expect(segment?.mirrored).toBe(true)
    expect(segment?.evidence).toBeGreaterThan(2.5)
    const { left = 0, top = 0, right = 0, bottom = 0 } = segment?.queryBox ?? {}
    for (const [found, edge] of [
      [left, 60],
      [top, 40],
      [right, 180],
      [bottom, 160],
    ] as const)
      expect(Math.abs(SIDE * found - edge)).toBeLessThan(10)
  })

  test('finds nothing in common between two films', () => {
    const query = fingerprintOf(4000, (pixels) => pixels)
    expect(alignLocal(query, film).segments.filter(({ isStatic }) => !isStatic)).toEqual([])
    expect(matchFingerprints(query, film).accepted).toBe(false)
  })

  test('counts a short stretch at another speed in proportion to its length', () => {
    const fast = fingerprintOf(FIRST, (_, i) => zoomed(sceneFrame(FIRST + 2 * i), 20, 40))
    const segmentOf = (toMs: number) => alignLocal(excerptOf(fast, { fromMs: 0, toMs }), film).segments[0]
    // The same stored frames are in both stretches.
    const [short, longer] = [segmentOf(3250), segmentOf(3500)]
    expect([short?.rate, longer?.rate, segmentOf(8000)?.rate]).toEqual([2, 2, 2])
    expect((short?.evidence ?? 0) / (longer?.evidence ?? 0)).toBeCloseTo(3250 / 3500)
  })

  test('counts a picture that never changes as static', () => {
    const still = sceneFrame(FIRST)
    const closer = zoomed(still, 32, 32)
    const stored = new FingerprintBuilder({ aspect: 1 })
    const asked = new FingerprintBuilder({ query: { viewIntervalMs: STEP_MS, aspect: 1 } })
    const seconds = 60
    for (let i = 0; i < 4 * seconds; i++) {
      stored.pushFrame(i * STEP_MS, still)
      asked.pushFrame(i * STEP_MS, closer)
    }
    const times = { durationSeconds: seconds, audioStartMs: 0 }
    const { segments } = alignLocal(asked.finish(times), stored.finish(times))
    expect(segments.map(({ isStatic, evidence }) => ({ isStatic, evidence }))).toEqual([
      { isStatic: true, evidence: 1 },
    ])
  })

  test('finds nothing without keypoints', () => {
    const { local: _, ...bare } = film
    expect(alignLocal(bare, film).segments).toEqual([])
    expect(alignLocal(film, bare).segments).toEqual([])
  })
})
