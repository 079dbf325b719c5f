import { describe, expect, test } from 'vitest'
import { SYNTHETIC_SOUNDS } from '../../testing/synthetic-sound.ts'
import { overlaid, SIDE, sceneFrame } from '../../testing/synthetic-video.ts'
import { hashDistance } from '../hash/hamming.ts'
import { decodeFingerprint } from './decode-fingerprint.ts'
import { encodeFingerprint } from './encode-fingerprint.ts'
import type { Fingerprint } from './fingerprint.ts'
import { FingerprintBuilder } from './fingerprint-builder.ts'

type Frame = { timeMs: number; pixels: Uint8Array }

function build(frames: Iterable<Frame>): Fingerprint {
  const builder = new FingerprintBuilder()
  let lastMs = 0
  for (const { timeMs, pixels } of frames) {
    builder.pushFrame(timeMs, pixels)
    lastMs = timeMs
  }
  return builder.finish({ durationSeconds: (lastMs + 250) / 1000, audioStartMs: 0 })
}

const scenes = Array.from({ length: 120 }, (_, index) => sceneFrame(index))

function* film(frames: number, edit: (pixels: Uint8Array, index: number) => Uint8Array): Generator<Frame> {
  for (const [index, scene] of scenes.slice(0, frames).entries()) {
    yield { timeMs: index * 250, pixels: edit(scene.slice(), index) }
  }
}

/** Mean distance between the hashes of both fingerprints over all sampled moments. */
function meanDistance(a: Fingerprint, b: Fingerprint): number {
  const runAt = ({ video }: Fingerprint, timeMs: number) =>
    video.startMs.findLastIndex((start) => start <= timeMs)
  const moments = Array.from({ length: Math.trunc(a.durationSeconds * 4) }, (_, index) => index * 250)
  const sum = moments.reduce(
    (total, timeMs) =>
      total + hashDistance(a.video.hashes, runAt(a, timeMs), { b: b.video.hashes, j: runAt(b, timeMs) }),
    0,
  )
  return sum / moments.length
}

function asIs(pixels: Uint8Array) {
  return pixels
}
const PLAIN = build(film(120, asIs))

describe('FingerprintBuilder', () => {
  test('gives the same bytes for the same frames and audio', () => {
    const once = () => {
      const builder = new FingerprintBuilder()
      for (const { timeMs, pixels } of film(60, asIs)) builder.pushFrame(timeMs, pixels)
      builder.pushAudio(SYNTHETIC_SOUNDS.chords?.() ?? new Int16Array())
      return encodeFingerprint(builder.finish({ durationSeconds: 15, audioStartMs: 12.5 }))
    }
    const bytes = once()
    expect(once()).toEqual(bytes)
    expect(decodeFingerprint(bytes).audio?.startMs).toBe(12.5)
    expect(decodeFingerprint(bytes).audio?.items.length).toBeGreaterThan(90)
  })

  test('gives a query fingerprint that structuredClone copies as it is', () => {
    const builder = new FingerprintBuilder({ query: { viewIntervalMs: 250, aspect: 16 / 9 } })
    for (const { timeMs, pixels } of film(20, asIs)) builder.pushFrame(timeMs, pixels)
    builder.pushAudio(SYNTHETIC_SOUNDS.chords?.() ?? new Int16Array())
    const fingerprint = builder.finish({ durationSeconds: 15, audioStartMs: 0 })
    expect(fingerprint.video.bitErrorRates).toBeDefined()
    expect(fingerprint.audio?.bitErrorRates).toBeDefined()
    expect(structuredClone(fingerprint)).toEqual(fingerprint)
  })

  test('a video without audio has no audio track', () => {
    expect(PLAIN.audio).toBeNull()
  })

  test('a video without frames has no runs, and a single frame has one', () => {
    expect(build([]).video.startMs).toHaveLength(0)
    const one = build(film(1, asIs))
    expect([...one.video.startMs, ...one.video.lastMs]).toEqual([0, 0])
  })

  test.each([
    ['letterbox', { left: 0, top: 24, right: 192, bottom: 168 }],
    ['pillarbox', { left: 65, top: 0, right: 127, bottom: 192 }],
    ['windowbox', { left: 22, top: 30, right: 170, bottom: 162 }],
    ['letterbox with edges between pixels', { left: 0, top: 24.58, right: 192, bottom: 167.42 }],
  ])('removes a %s from the first frame on', (_name, picture) => {
    const boxed = build(film(120, (pixels) => overlaid(pixels, picture)))
    const [left, top, right, bottom] = boxed.video.picture
    expect(Math.abs(left * SIDE - picture.left)).toBeLessThan(0.5)
    expect(Math.abs(top * SIDE - picture.top)).toBeLessThan(0.5)
    expect(Math.abs(right * SIDE - picture.right)).toBeLessThan(0.5)
    expect(Math.abs(bottom * SIDE - picture.bottom)).toBeLessThan(0.5)
    expect(meanDistance(boxed, PLAIN)).toBeLessThan(20)
    expect(hashDistance(boxed.video.hashes, 0, { b: PLAIN.video.hashes, j: 0 })).toBeLessThan(31)
  })

  test('finds a letterbox although the video starts and ends dark', () => {
    const picture = { left: 0, top: 24, right: 192, bottom: 168 }
    const dark = (index: number) => index < 40 || index > 100
    const boxed = build(
      film(120, (pixels, index) => (dark(index) ? pixels.fill(16) : overlaid(pixels, picture))),
    )
    expect(boxed.video.picture.map((edge) => Math.round(edge * SIDE))).toEqual([0, 24, 192, 168])
  })

  test('removes the pillarbox of a clip within a film and keeps the edges of the film', () => {
    const picture = { left: 30, top: 0, right: 162, bottom: 192 }
    const inClip = (index: number) => index >= 40 && index < 80
    const mixed = build(film(120, (pixels, index) => (inClip(index) ? overlaid(pixels, picture) : pixels)))
    expect(mixed.video.picture).toEqual([0, 0, 1, 1])
    expect(meanDistance(mixed, PLAIN)).toBeLessThan(8)
  })

  describe('from frames seconds apart', () => {
    const picture = { left: 30, top: 0, right: 162, bottom: 192 }
    const inClip = (index: number) => index >= 40 && index < 80
    const sparse = (edit: (pixels: Uint8Array, index: number) => Uint8Array) => {
      const query = { viewIntervalMs: 2000, aspect: 16 / 9, sparse: true }
      const builder = new FingerprintBuilder({ query })
      for (const [index, scene] of scenes.entries())
        if (index % 20 === 10) builder.pushFrame(index * 250, edit(scene.slice(), index))
      return builder.finish({ durationSeconds: 30, audioStartMs: 0 }).video
    }
    const hashAt = ({ startMs, hashes }: Fingerprint['video'], timeMs: number) => {
      const run = startMs.findLastIndex((start) => start <= timeMs)
      return hashes.slice(8 * run, 8 * run + 8)
    }

    test('hashes each frame of a pillarboxed clip as it does among all frames', () => {
      const edit = (pixels: Uint8Array, index: number) => (inClip(index) ? overlaid(pixels, picture) : pixels)
      const [few, all] = [sparse(edit), build(film(120, edit)).video]
      expect(few.startMs.length).toBe(6)
      for (const timeMs of few.startMs)
        expect(hashDistance(hashAt(few, timeMs), 0, { b: hashAt(all, timeMs), j: 0 })).toBeLessThan(8)
    })

    test('keeps slightly uneven dark edges on both sides', () => {
      const isEdge = (at: number) => at % SIDE < 30 || at % SIDE >= 162
      const night = (pixels: Uint8Array, index: number) =>
        inClip(index) ? pixels.map((value, at) => (isEdge(at) ? 20 + (value % 8) : value)) : pixels
      const plain = sparse((pixels, index) =>
        inClip(index) ? pixels.map((value, at) => (isEdge(at) ? 23 : value)) : pixels,
      )
      expect([...sparse(night).hashes]).not.toEqual([...plain.hashes])
      expect(
        hashDistance(hashAt(sparse(night), 12_500), 0, { b: hashAt(plain, 12_500), j: 0 }),
      ).toBeGreaterThan(30)
    })
  })

  test('keeps the edges of a part without letterbox between parts with one', () => {
    const picture = { left: 0, top: 24, right: 192, bottom: 168 }
    const hasBars = (index: number) => index < 55 || index >= 68
    const mixed = build(film(120, (pixels, index) => (hasBars(index) ? overlaid(pixels, picture) : pixels)))
    expect(mixed.video.picture.map((edge) => Math.round(edge * SIDE))).toEqual([0, 24, 192, 168])
    expect(meanDistance(mixed, PLAIN)).toBeLessThan(20)
  })

  test('removes a letterbox although subtitles are in the lower bar half of the time', () => {
    const picture = { left: 0, top: 24, right: 192, bottom: 168 }
    const subtitled = build(
      film(120, (pixels, index) => {
        const boxed = overlaid(pixels, picture)
        if (index % 20 >= 10) return boxed
        for (let row = 175; row < 185; row++) {
          for (let x = 40; x < 150; x++) boxed[row * SIDE + x] = (x + 3 * row + index) % 5 < 2 ? 235 : 0
        }
        return boxed
      }),
    )
    expect(subtitled.video.picture.map((edge) => Math.round(edge * SIDE))).toEqual([0, 24, 192, 168])
    expect(meanDistance(subtitled, PLAIN)).toBeLessThan(20)
  })

  test('removes a pillarbox around a picture that itself has an even grey border', () => {
    const bordered = (pixels: Uint8Array) =>
      pixels.map((value, at) => (at % SIDE < 10 || at % SIDE >= SIDE - 10 ? 90 : value))
    const picture = { left: 24, top: 0, right: 168, bottom: 192 }
    const boxed = build(film(60, (pixels) => overlaid(bordered(pixels), picture)))
    expect(boxed.video.picture.map((edge) => Math.round(edge * SIDE))).toEqual([24, 0, 168, 192])
  })

  test('removes a letterbox that starts after many minutes', () => {
    const picture = { left: 0, top: 24, right: 192, bottom: 168 }
    const boxed = scenes.map((scene) => overlaid(scene, picture))
    const frames = Array.from({ length: 1600 }, (_, index) => {
      const list = index < 800 ? scenes : boxed
      return { timeMs: index * 250, pixels: list[index % list.length] ?? new Uint8Array() }
    })
    const late = build(frames)
    const run = late.video.startMs.findLastIndex((start) => start <= 1000 * 250)
    const plain = PLAIN.video.startMs.findLastIndex((start) => start <= (1000 % 120) * 250)
    expect(hashDistance(late.video.hashes, run, { b: PLAIN.video.hashes, j: plain })).toBeLessThan(31)
  })

  test('keeps the whole frame of a blank video, a dark one and one without letterbox', () => {
    const whole = [0, 0, 1, 1]
    expect(PLAIN.video.picture).toEqual(whole)
    expect(build(film(40, (pixels) => pixels.fill(0))).video.picture).toEqual(whole)
    expect(build(film(40, (pixels) => pixels.map((value) => value >> 6))).video.picture).toEqual(whole)
  })

  test('does not mistake grey walls at the edges for bars', () => {
    const walled = build(
      film(80, (pixels) => pixels.map((value, at) => (at % SIDE < 30 ? 120 + ((at * 7) % 3) : value))),
    )
    expect(walled.video.picture).toEqual([0, 0, 1, 1])
  })

  test('merges a static scene into runs of eight seconds, and hardly merges a moving one', () => {
    const still = sceneFrame(3)
    const { video } = build(film(80, () => still.slice()))
    expect([...video.startMs]).toEqual([0, 8250, 16_500])
    expect([...video.lastMs]).toEqual([8000, 16_250, 19_750])
    expect(PLAIN.video.startMs.length).toBeGreaterThan(60)
  })

  test('makes runs that do not overlap and end at sampled frames', () => {
    const { startMs, lastMs } = PLAIN.video
    for (const [run, start] of startMs.entries()) {
      expect(start % 250).toBe(0)
      expect(lastMs[run]).toBeGreaterThanOrEqual(start)
      expect(startMs[run + 1] ?? 120 * 250).toBe((lastMs[run] ?? 0) + 250)
    }
  })

  test('ignores frames before the start and frames that do not advance in time', () => {
    const builder = new FingerprintBuilder()
    for (const [index, timeMs] of [-250, 0, 0, 250, 125, 500].entries())
      builder.pushFrame(timeMs, sceneFrame(40 * index))
    const { video } = builder.finish({ durationSeconds: 1, audioStartMs: 0 })
    expect([...video.startMs]).toEqual([0, 250, 500])
  })

  test('rejects a frame of another size and any input after the end', () => {
    const builder = new FingerprintBuilder()
    expect(() => builder.pushFrame(0, new Uint8Array(10))).toThrow(RangeError)
    builder.finish({ durationSeconds: 0, audioStartMs: 0 })
    expect(() => builder.pushFrame(0, sceneFrame(0))).toThrow('finished')
    expect(() => builder.pushAudio(new Int16Array(1))).toThrow('finished')
  })
})
