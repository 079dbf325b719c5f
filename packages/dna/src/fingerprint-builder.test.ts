import { describe, expect, test } from 'vitest'
import type { Fingerprint } from './fingerprint.ts'
import { FingerprintBuilder } from './fingerprint-builder.ts'
import { decodeFingerprint } from './format/decode-fingerprint.ts'
import { encodeFingerprint } from './format/encode-fingerprint.ts'
import { hashDistance } from './match/hamming.ts'
import { SYNTHETIC_SOUNDS } from './testing/synthetic-sound.ts'
import { SIDE, sceneFrame, withBars } from './testing/synthetic-video.ts'

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

function* film(frames: number, lay: (pixels: Uint8Array, index: number) => Uint8Array): Generator<Frame> {
  for (const [index, scene] of scenes.slice(0, frames).entries()) {
    yield { timeMs: index * 250, pixels: lay(scene.slice(), index) }
  }
}

/** Bits between the hashes that stand for the same moment, the mean over all sampled moments. */
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

const asIs = (pixels: Uint8Array) => pixels
const PLAIN = build(film(120, asIs))

describe('FingerprintBuilder', () => {
  test('the same frames and sound give the same bytes', () => {
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

  test('a video without sound has no audio track', () => {
    expect(PLAIN.audio).toBeNull()
  })

  test('a video without frames has no runs, and a single frame is one run', () => {
    expect(build([]).video.startMs).toHaveLength(0)
    const one = build(film(1, asIs))
    expect([...one.video.startMs, ...one.video.lastMs]).toEqual([0, 0])
  })

  test.each([
    ['letterbox', { left: 0, top: 24, right: 192, bottom: 168 }],
    ['pillarbox', { left: 65, top: 0, right: 127, bottom: 192 }],
    ['windowbox', { left: 22, top: 30, right: 170, bottom: 162 }],
    ['letterbox between pixels', { left: 0, top: 24.58, right: 192, bottom: 167.42 }],
  ])('%s bars are cut, from the first frame on', (_name, window) => {
    const boxed = build(film(120, (pixels) => withBars(pixels, window)))
    const [left, top, right, bottom] = boxed.video.picture
    expect(Math.abs(left * SIDE - window.left)).toBeLessThan(0.5)
    expect(Math.abs(top * SIDE - window.top)).toBeLessThan(0.5)
    expect(Math.abs(right * SIDE - window.right)).toBeLessThan(0.5)
    expect(Math.abs(bottom * SIDE - window.bottom)).toBeLessThan(0.5)
    expect(meanDistance(boxed, PLAIN)).toBeLessThan(20)
    expect(hashDistance(boxed.video.hashes, 0, { b: PLAIN.video.hashes, j: 0 })).toBeLessThan(31)
  })

  test('bars are found though the video begins and ends dark', () => {
    const window = { left: 0, top: 24, right: 192, bottom: 168 }
    const dark = (index: number) => index < 40 || index > 100
    const boxed = build(
      film(120, (pixels, index) => (dark(index) ? pixels.fill(16) : withBars(pixels, window))),
    )
    expect(boxed.video.picture.map((edge) => Math.round(edge * SIDE))).toEqual([0, 24, 192, 168])
  })

  test('a clip with bars inside a film without them loses its bars, and the film keeps its edges', () => {
    const window = { left: 30, top: 0, right: 162, bottom: 192 }
    const inClip = (index: number) => index >= 40 && index < 80
    const mixed = build(film(120, (pixels, index) => (inClip(index) ? withBars(pixels, window) : pixels)))
    expect(mixed.video.picture).toEqual([0, 0, 1, 1])
    expect(meanDistance(mixed, PLAIN)).toBeLessThan(8)
  })

  describe('keyframes of a query, seconds apart', () => {
    const window = { left: 30, top: 0, right: 162, bottom: 192 }
    const inClip = (index: number) => index >= 40 && index < 80
    const keyframesOf = (lay: (pixels: Uint8Array, index: number) => Uint8Array) => {
      const query = { viewIntervalMs: 2000, aspect: 16 / 9, sparse: true }
      const builder = new FingerprintBuilder({ query })
      for (const [index, scene] of scenes.entries())
        if (index % 20 === 10) builder.pushFrame(index * 250, lay(scene.slice(), index))
      return builder.finish({ durationSeconds: 30, audioStartMs: 0 }).video
    }
    const hashAt = ({ startMs, hashes }: Fingerprint['video'], timeMs: number) => {
      const run = startMs.findLastIndex((start) => start <= timeMs)
      return hashes.slice(8 * run, 8 * run + 8)
    }

    test('each of a clip loses its bars as it does among all frames', () => {
      const lay = (pixels: Uint8Array, index: number) => (inClip(index) ? withBars(pixels, window) : pixels)
      const [few, all] = [keyframesOf(lay), build(film(120, lay)).video]
      expect(few.startMs.length).toBe(6)
      for (const timeMs of few.startMs)
        expect(hashDistance(hashAt(few, timeMs), 0, { b: hashAt(all, timeMs), j: 0 })).toBeLessThan(8)
    })

    test('one that is dark and a little uneven at both sides keeps them', () => {
      const isEdge = (at: number) => at % SIDE < 30 || at % SIDE >= 162
      const night = (pixels: Uint8Array, index: number) =>
        inClip(index) ? pixels.map((value, at) => (isEdge(at) ? 20 + (value % 8) : value)) : pixels
      const plain = keyframesOf((pixels, index) =>
        inClip(index) ? pixels.map((value, at) => (isEdge(at) ? 23 : value)) : pixels,
      )
      expect([...keyframesOf(night).hashes]).not.toEqual([...plain.hashes])
      expect(
        hashDistance(hashAt(keyframesOf(night), 12_500), 0, { b: hashAt(plain, 12_500), j: 0 }),
      ).toBeGreaterThan(30)
    })
  })

  test('a film without bars between parts with bars keeps its edges', () => {
    const window = { left: 0, top: 24, right: 192, bottom: 168 }
    const hasBars = (index: number) => index < 55 || index >= 68
    const mixed = build(film(120, (pixels, index) => (hasBars(index) ? withBars(pixels, window) : pixels)))
    expect(mixed.video.picture.map((edge) => Math.round(edge * SIDE))).toEqual([0, 24, 192, 168])
    expect(meanDistance(mixed, PLAIN)).toBeLessThan(20)
  })

  test('subtitles in the lower bar half of the time do not save it', () => {
    const window = { left: 0, top: 24, right: 192, bottom: 168 }
    const subtitled = build(
      film(120, (pixels, index) => {
        const boxed = withBars(pixels, window)
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

  test('bars are cut as well where the picture begins with an even grey border of its own', () => {
    const bordered = (pixels: Uint8Array) =>
      pixels.map((value, at) => (at % SIDE < 10 || at % SIDE >= SIDE - 10 ? 90 : value))
    const window = { left: 24, top: 0, right: 168, bottom: 192 }
    const boxed = build(film(60, (pixels) => withBars(bordered(pixels), window)))
    expect(boxed.video.picture.map((edge) => Math.round(edge * SIDE))).toEqual([24, 0, 168, 192])
  })

  test('bars that begin after many minutes are cut from there on', () => {
    const window = { left: 0, top: 24, right: 192, bottom: 168 }
    const boxed = scenes.map((scene) => withBars(scene, window))
    const frames = Array.from({ length: 1600 }, (_, index) => {
      const list = index < 800 ? scenes : boxed
      return { timeMs: index * 250, pixels: list[index % list.length] ?? new Uint8Array() }
    })
    const late = build(frames)
    const run = late.video.startMs.findLastIndex((start) => start <= 1000 * 250)
    const plain = PLAIN.video.startMs.findLastIndex((start) => start <= (1000 % 120) * 250)
    expect(hashDistance(late.video.hashes, run, { b: PLAIN.video.hashes, j: plain })).toBeLessThan(31)
  })

  test('a blank video, a dark one and one without bars are not cut', () => {
    const whole = [0, 0, 1, 1]
    expect(PLAIN.video.picture).toEqual(whole)
    expect(build(film(40, (pixels) => pixels.fill(0))).video.picture).toEqual(whole)
    expect(build(film(40, (pixels) => pixels.map((value) => value >> 6))).video.picture).toEqual(whole)
  })

  test('grey walls at the edge are not bars', () => {
    const walled = build(
      film(80, (pixels) => pixels.map((value, at) => (at % SIDE < 30 ? 120 + ((at * 7) % 3) : value))),
    )
    expect(walled.video.picture).toEqual([0, 0, 1, 1])
  })

  test('a still scene is one run every eight seconds, a moving one a run a frame', () => {
    const still = sceneFrame(3)
    const { video } = build(film(80, () => still.slice()))
    expect([...video.startMs]).toEqual([0, 8250, 16_500])
    expect([...video.lastMs]).toEqual([8000, 16_250, 19_750])
    expect(PLAIN.video.startMs.length).toBeGreaterThan(60)
  })

  test('runs do not overlap, and their ends are sampled frames', () => {
    const { startMs, lastMs } = PLAIN.video
    for (const [run, start] of startMs.entries()) {
      expect(start % 250).toBe(0)
      expect(lastMs[run]).toBeGreaterThanOrEqual(start)
      expect(startMs[run + 1] ?? 120 * 250).toBe((lastMs[run] ?? 0) + 250)
    }
  })

  test('frames that do not advance in time or lie before the start are left out', () => {
    const builder = new FingerprintBuilder()
    for (const [index, timeMs] of [-250, 0, 0, 250, 125, 500].entries())
      builder.pushFrame(timeMs, sceneFrame(40 * index))
    const { video } = builder.finish({ durationSeconds: 1, audioStartMs: 0 })
    expect([...video.startMs]).toEqual([0, 250, 500])
  })

  test('a frame of another size and anything after the end are refused', () => {
    const builder = new FingerprintBuilder()
    expect(() => builder.pushFrame(0, new Uint8Array(10))).toThrow(RangeError)
    builder.finish({ durationSeconds: 0, audioStartMs: 0 })
    expect(() => builder.pushFrame(0, sceneFrame(0))).toThrow('finished')
    expect(() => builder.pushAudio(new Int16Array(1))).toThrow('finished')
  })
})
