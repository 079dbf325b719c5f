import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Plane, Rect } from '../src/picture/rect.ts'
import { lumaOfRect } from './luma.ts'

/** The definition, computed slowly: the mean over the area of each cell. */
function byDefinition({ pixels, side }: Plane, { left, top, right, bottom }: Rect): number[] {
  const width = (right - left) / 64
  const height = (bottom - top) / 64
  return Array.from({ length: 4096 }, (_, cell) => {
    const x = left + (cell % 64) * width
    const y = top + Math.floor(cell / 64) * height
    let sum = 0
    for (let row = Math.floor(y); row < y + height; row++) {
      for (let column = Math.floor(x); column < x + width; column++) {
        const high = Math.min(y + height, row + 1) - Math.max(y, row)
        const wide = Math.min(x + width, column + 1) - Math.max(x, column)
        sum += (pixels[row * side + column] ?? 0) * Math.max(0, high) * Math.max(0, wide)
      }
    }
    return sum / (width * height)
  })
}

const side = 192
const plane = { pixels: Uint8Array.from({ length: side * side }, (_, at) => (at * 7919) >> 5), side }

test('each luma value of a rectangle is the mean of the area under its cell', () => {
  const edge = fc.integer({ min: 0, max: 4 * side }).map((quarters) => quarters / 4)
  const pair = fc.tuple(edge, edge).filter(([a, b]) => a !== b)
  fc.assert(
    fc.property(pair, pair, ([x0, x1], [y0, y1]) => {
      const rect = {
        left: Math.min(x0, x1),
        right: Math.max(x0, x1),
        top: Math.min(y0, y1),
        bottom: Math.max(y0, y1),
      }
      const wanted = byDefinition(plane, rect)
      const luma = lumaOfRect(plane, rect)
      expect(Math.max(...wanted.map((value, at) => Math.abs(value - (luma[at] ?? 0))))).toBeLessThan(1e-2)
    }),
    { numRuns: 50 },
  )
})

test('the luma values of the whole frame are exact means of 3x3 pixels', () => {
  const rect = { left: 0, top: 0, right: side, bottom: side }
  const wanted = byDefinition(plane, rect).map((mean) => Math.fround(Math.round(mean * 9) / 9))
  expect([...lumaOfRect(plane, rect)]).toEqual(wanted)
})

test('a rectangle that is empty or not inside the plane is rejected', () => {
  const good = { left: 0, top: 0, right: side, bottom: side }
  for (const bad of [{ right: 193 }, { left: -1 }, { top: 192 }, { bottom: 0 }, { left: Number.NaN }]) {
    expect(() => lumaOfRect(plane, { ...good, ...bad })).toThrow(RangeError)
  }
  expect(() => lumaOfRect({ pixels: new Uint8Array(10), side }, good)).toThrow(RangeError)
})
