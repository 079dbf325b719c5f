import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lumaOfRect } from '../../reference/luma.ts'
import { pdqHash } from '../../reference/pdq.ts'
import { rotatedLuma } from '../../reference/rotated-luma.ts'
import { compile } from '../../wasm/build.mjs'
import { frameEngine } from './frame-engine.ts'
import { FRAME_MODULE } from './frame-module.ts'
import { measureLines } from './line-statistics.ts'
import { FRAME_SIDE, WHOLE_FRAME } from './rect.ts'

test('the committed frame module matches its compiled source', async () => {
  expect(Buffer.from(await compile('frame')).equals(FRAME_MODULE)).toBe(true)
})

/** Noise, hard edges between few shades, and a smooth picture: rounding errors show in each. */
function frameOf(seed: number): Uint8Array {
  return Uint8Array.from({ length: FRAME_SIDE * FRAME_SIDE }, (_, at) => {
    const [x, y] = [at % FRAME_SIDE, Math.trunc(at / FRAME_SIDE)]
    if (seed % 3 === 0) return Math.imul(at + 1, 2_654_435_761 + 2 * seed) >>> 24
    if (seed % 3 === 1) return ((x >> 4) + (y >> 5) * seed) % 4 === 0 ? 235 : 16
    return 128 + 100 * Math.sin((x * seed) / 90) * Math.cos(y / 40)
  })
}

const edge = fc.double({ min: 0, max: FRAME_SIDE, noNaN: true })
const pair = fc.tuple(edge, edge).filter(([a, b]) => Math.abs(a - b) > 1)
const rects = fc.tuple(pair, pair).map(([x, y]) => ({
  left: Math.min(...x),
  right: Math.max(...x),
  top: Math.min(...y),
  bottom: Math.max(...y),
}))

test('rectangles, the whole frame and rotated rectangles have the hash, quality and bit error rates of the plain version', () => {
  const angles = fc.constantFrom(-10, -3, 3, 6, 90)
  fc.assert(
    fc.property(fc.nat(50), fc.oneof(fc.constant(WHOLE_FRAME), rects), angles, (seed, rect, degrees) => {
      const plane = { pixels: frameOf(seed), side: FRAME_SIDE }
      frameEngine.load(plane.pixels)
      const straight = pdqHash(lumaOfRect(plane, rect), { withBitErrorRates: true })
      expect(frameEngine.hash(rect, { withBitErrorRates: true })).toEqual(straight)
      const options = { degrees, aspect: 16 / 9 }
      const output = new Float32Array(64 * 64)
      const rotated = pdqHash(rotatedLuma(plane, rect, { ...options, output }))
      expect(frameEngine.hashRotated(rect, { ...options, withBitErrorRates: false })).toEqual(rotated)
    }),
    { numRuns: 150 },
  )
})

test('a rectangle outside the frame is rejected', () => {
  expect(() => frameEngine.hash({ ...WHOLE_FRAME, right: 193 }, { withBitErrorRates: false })).toThrow(
    RangeError,
  )
})

test.each([0, 1, 2, 3])('lines are measured as defined: frame %s', (seed) => {
  const pixels = frameOf(seed)
  const { rowMeans, rowDeviations, columnMeans, columnDeviations } = measureLines(pixels)
  for (const line of [0, 1, 95, 190, 191]) {
    const row = [...pixels.subarray(line * FRAME_SIDE, (line + 1) * FRAME_SIDE)]
    const column = [...pixels].filter((_, at) => at % FRAME_SIDE === line)
    expect(rowMeans[line]).toBe(meanOf(row))
    expect(columnMeans[line]).toBe(meanOf(column))
    expect(rowDeviations[line]).toBeCloseTo(deviationOf(row), 6)
    expect(columnDeviations[line]).toBeCloseTo(deviationOf(column), 6)
  }
})

test('steps between neighbouring pixels are summed, and those of at least six grey levels are counted', () => {
  const frames = Array.from({ length: 257 }, (_, seed) => frameOf(seed))
  const [right, edgesRight, down, edgesDown] = planesOf(frameEngine.edgeSums(frames))
  const steps = (at: number, apart: number) =>
    frames.map((pixels) => Math.abs((pixels[at] ?? 0) - (pixels[at + apart] ?? 0)))
  for (const at of [0, 190, 191 * FRAME_SIDE, 191 * FRAME_SIDE + 190, 12_345]) {
    expect(right[at]).toBe(sumOf(steps(at, 1)))
    expect(edgesRight[at]).toBe(steps(at, 1).filter((step) => step >= 6).length)
  }
  for (const at of [0, 191, 190 * FRAME_SIDE, 190 * FRAME_SIDE + 191, 12_345]) {
    expect(down[at]).toBe(sumOf(steps(at, FRAME_SIDE)))
    expect(edgesDown[at]).toBe(steps(at, FRAME_SIDE).filter((step) => step >= 6).length)
  }
  const [first] = planesOf(frameEngine.edgeSums([frameOf(1)]))
  expect(Math.max(...first)).toBeLessThan(256)
})

function planesOf(sums: Uint16Array): [Uint16Array, Uint16Array, Uint16Array, Uint16Array] {
  const plane = (n: number) => sums.subarray(n * FRAME_SIDE ** 2, (n + 1) * FRAME_SIDE ** 2)
  return [plane(0), plane(1), plane(2), plane(3)]
}
function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
function meanOf(values: readonly number[]): number {
  return sumOf(values) / values.length
}
function deviationOf(values: readonly number[]): number {
  return Math.sqrt(meanOf(values.map((value) => (value - meanOf(values)) ** 2)))
}
