import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../wasm/build.mjs'
import { frameEngine } from './frame-engine.ts'
import { FRAME_MODULE } from './frame-module.ts'
import { measureLines } from './line-statistics.ts'
import { pdqHash } from './pdq.ts'
import { FRAME_SIDE, lumaOfWindow } from './resample.ts'
import { rotatedLuma } from './rotated-luma.ts'

test('the module in the repository is what its source compiles to', async () => {
  expect(Buffer.from(await compile('frame')).equals(FRAME_MODULE)).toBe(true)
})

/** Noise, a picture of few shades with hard edges, and something smooth: kinds in which rounding shows. */
const frameOf = (seed: number): Uint8Array =>
  Uint8Array.from({ length: FRAME_SIDE * FRAME_SIDE }, (_, at) => {
    const [x, y] = [at % FRAME_SIDE, Math.trunc(at / FRAME_SIDE)]
    if (seed % 3 === 0) return Math.imul(at + 1, 2_654_435_761 + 2 * seed) >>> 24
    if (seed % 3 === 1) return ((x >> 4) + (y >> 5) * seed) % 4 === 0 ? 235 : 16
    return 128 + 100 * Math.sin((x * seed) / 90) * Math.cos(y / 40)
  })

const edge = fc.double({ min: 0, max: FRAME_SIDE, noNaN: true })
const pair = fc.tuple(edge, edge).filter(([a, b]) => Math.abs(a - b) > 1)
const windows = fc.tuple(pair, pair).map(([x, y]) => ({
  left: Math.min(...x),
  right: Math.max(...x),
  top: Math.min(...y),
  bottom: Math.max(...y),
}))
const whole = { left: 0, top: 0, right: FRAME_SIDE, bottom: FRAME_SIDE }

test('windows, whole and turned, have the hash, the quality and the doubts of the plain version', () => {
  const degrees = fc.constantFrom(-10, -3, 3, 6, 90)
  fc.assert(
    fc.property(fc.nat(50), fc.oneof(fc.constant(whole), windows), degrees, (seed, window, turn) => {
      const plane = { pixels: frameOf(seed), side: FRAME_SIDE }
      frameEngine.take(plane.pixels)
      const straight = pdqHash(lumaOfWindow(plane, window), { withDoubts: true })
      expect(frameEngine.hash(window, { withDoubts: true })).toEqual(straight)
      const options = { degrees: turn, aspect: 16 / 9 }
      const output = new Float32Array(64 * 64)
      const turned = pdqHash(rotatedLuma(plane, window, { ...options, output }))
      expect(frameEngine.hashTurned(window, { ...options, withDoubts: false })).toEqual(turned)
    }),
    { numRuns: 150 },
  )
})

test('a window that is not inside the frame is refused', () => {
  expect(() => frameEngine.hash({ ...whole, right: 193 }, { withDoubts: false })).toThrow(RangeError)
})

test.each([0, 1, 2, 3])('lines are measured as by definition, frame %s', (seed) => {
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

test('steps between neighbours are added up, and those of six grey levels and more counted', () => {
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

const planesOf = (sums: Uint16Array): [Uint16Array, Uint16Array, Uint16Array, Uint16Array] => {
  const plane = (n: number) => sums.subarray(n * FRAME_SIDE ** 2, (n + 1) * FRAME_SIDE ** 2)
  return [plane(0), plane(1), plane(2), plane(3)]
}
const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
const meanOf = (values: readonly number[]): number => sumOf(values) / values.length
const deviationOf = (values: readonly number[]): number =>
  Math.sqrt(meanOf(values.map((value) => (value - meanOf(values)) ** 2)))
