import { expect, test } from 'vitest'
import { overlaid, SIDE, sceneFrame } from '../../../testing/synthetic-video.ts'
import { decodeFingerprint } from '../../fingerprint/decode-fingerprint.ts'
import { encodeFingerprint } from '../../fingerprint/encode-fingerprint.ts'
import { FingerprintBuilder, SPARSE_SAMPLING, storedPart } from '../../fingerprint/fingerprint-builder.ts'
import { hasDetail, isStill } from '../../fingerprint/still.ts'
import { compareFingerprints } from '../compare-fingerprints.ts'
import { matchFingerprints } from '../match-fingerprints.ts'
import { stillRanges } from './still-ranges.ts'

const FRAMES = 160
/** Forty seconds of film with a new shot every five seconds. */
const film = Array.from({ length: FRAMES }, (_, i) => sceneFrame(i))
const stored = storedVideo(film)

function storedVideo(frames: readonly Uint8Array[]) {
  const builder = new FingerprintBuilder()
  for (const [i, pixels] of frames.entries()) builder.pushFrame(250 * i, pixels)
  const fingerprint = builder.finish({ durationSeconds: frames.length / 4, audioStartMs: 0 })
  return decodeFingerprint(encodeFingerprint(storedPart(fingerprint)))
}

function still(pixels: Uint8Array) {
  const builder = new FingerprintBuilder({ query: { viewIntervalMs: 250, aspect: 16 / 9 } })
  builder.pushFrame(0, pixels)
  return builder.finish({ durationSeconds: 0, audioStartMs: 0 })
}

function mirrored(pixels: Uint8Array): Uint8Array {
  return pixels.map((_, at) => pixels[at - (at % SIDE) + SIDE - 1 - (at % SIDE)] as number)
}

/** Between two frames, darker and with coarse levels. */
function recoded(pixels: Uint8Array): Uint8Array {
  return pixels.map((value) => 8 * Math.round((0.8 * value) / 8))
}

/** The middle 0.7 of both sides, enlarged. */
function cropped(pixels: Uint8Array): Uint8Array {
  return pixels.map((_, at) => {
    const [x, y] = [at % SIDE, Math.trunc(at / SIDE)].map((one) => Math.trunc(0.15 * SIDE + 0.7 * one))
    return pixels[(y ?? 0) * SIDE + (x ?? 0)] as number
  })
}

const boxes = { left: 0, top: 24, right: SIDE, bottom: SIDE - 24 }
const player = { left: 10, top: 6, right: SIDE - 10, bottom: SIDE - 40 }
const page = new Uint8Array(SIDE * SIDE).fill(240)

test.each([
  ['as it is', (pixels: Uint8Array) => pixels, 0.5],
  ['darker and coarser', recoded, 0.5],
  ['mirrored', mirrored, 0.5],
  ['in black bars', (pixels: Uint8Array) => overlaid(pixels, boxes), 0.5],
  ['in the window of a player', (pixels: Uint8Array) => overlaid(pixels, player, page), 2],
  ['its middle', cropped, 2],
] as const)('a still is found at its second: %s', (_, edit, withinSeconds) => {
  for (const index of [9, 50, 111]) {
    const match = matchFingerprints(still(edit(film[index] as Uint8Array)), stored)
    const [best] = [...match.segments].sort((a, b) => b.score - a.score)
    expect([index, match.accepted, best?.mirrored]).toEqual([index, true, edit === mirrored])
    expect(best).toMatchObject({ queryStart: 0, queryEnd: 0, kind: 'video', speed: 1 })
    const seconds = index / 4
    expect((best?.refStart ?? 99) - seconds).toBeLessThanOrEqual(withinSeconds)
    expect(seconds - (best?.refEnd ?? 0)).toBeLessThanOrEqual(withinSeconds)
    expect((best?.refEnd ?? 99) - (best?.refStart ?? 0)).toBeLessThanOrEqual(2 * withinSeconds)
  }
})

test('stills of other films are not found, nor parts of them', () => {
  for (const index of [400, 640, 1000, 2000, 3100])
    for (const edit of [(pixels: Uint8Array) => pixels, mirrored, cropped])
      expect(matchFingerprints(still(edit(sceneFrame(index))), stored).accepted).toBe(false)
})

test('a static scene is one range, and a shot that recurs is several', () => {
  const scene = Array.from({ length: 40 }, () => sceneFrame(300))
  const edited = storedVideo([...film.slice(0, 40), ...scene, ...film.slice(40, 60), ...scene.slice(0, 12)])
  const { segments } = matchFingerprints(still(sceneFrame(300)), edited)
  expect(segments.map(({ refStart, refEnd }) => [refStart, refEnd])).toEqual([
    [9.875, 19.875],
    [24.875, 28],
  ])
})

test('of a video stored by its keyframes, the range reaches to the next keyframes', () => {
  const builder = new FingerprintBuilder({ intervalMs: SPARSE_SAMPLING.intervalMs })
  for (let i = 0; i < FRAMES; i += 8) builder.pushFrame(250 * i, film[i] as Uint8Array)
  const sparse = builder.finish({ durationSeconds: FRAMES / 4, audioStartMs: 0 })
  const { segments, accepted } = matchFingerprints(still(film[80] as Uint8Array), sparse)
  expect([accepted, segments[0]?.refStart, segments[0]?.refEnd]).toEqual([true, 19, 21])
})

test('a picture compares with a video as the video with the picture, and with another picture', () => {
  const picture = still(film[50] as Uint8Array)
  const [forth, back] = [compareFingerprints(picture, stored), compareFingerprints(stored, picture)]
  expect(forth.accepted).toBe(true)
  expect(back.segments.map(({ queryStart, queryEnd }) => [queryStart, queryEnd])).toEqual(
    forth.segments.map(({ refStart, refEnd }) => [refStart, refEnd]),
  )
  expect([forth.queryCoverage, back.refCoverage]).toEqual([1, 1])
  const same = compareFingerprints(picture, still(recoded(film[50] as Uint8Array)))
  expect(same).toMatchObject({ accepted: true, queryCoverage: 1, refCoverage: 1 })
  expect(compareFingerprints(picture, still(film[140] as Uint8Array)).accepted).toBe(false)
  const negative = still((film[50] as Uint8Array).map((value) => 255 - value))
  expect(compareFingerprints(picture, negative)).toMatchObject({ queryCoverage: 0, refCoverage: 0 })
})

test('black, plain and nearly plain pictures have too little detail, and scenes have enough', () => {
  const ramp = new Uint8Array(SIDE * SIDE).map((_, at) => 60 + Math.trunc((at % SIDE) / 24))
  for (const plain of [new Uint8Array(SIDE * SIDE), page, ramp]) expect(hasDetail(still(plain))).toBe(false)
  expect(hasDetail(still(film[0] as Uint8Array))).toBe(true)
  expect([isStill(still(film[0] as Uint8Array)), isStill(stored)]).toEqual([true, false])
})

test('the stretches around the stored frames nearest to a still have its second, and do not overlap', () => {
  for (const index of [9, 50, 111]) {
    const ranges = stillRanges(still(recoded(film[index] as Uint8Array)), stored)
    expect(ranges[0]).toMatchObject({ fromMs: expect.any(Number), toMs: expect.any(Number) })
    expect(ranges[0]?.fromMs).toBeLessThanOrEqual(250 * index)
    expect(ranges[0]?.toMs).toBeGreaterThanOrEqual(250 * index)
    const inOrder = [...ranges].sort((a, b) => a.fromMs - b.fromMs)
    for (const [at, { toMs }] of inOrder.entries())
      expect(inOrder[at + 1]?.fromMs ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(toMs)
    expect(ranges.every(({ fromMs, toMs }) => fromMs >= 0 && toMs <= 40_000)).toBe(true)
  }
  expect(stillRanges(still(new Uint8Array(SIDE * SIDE)), stored)).toEqual([])
})
