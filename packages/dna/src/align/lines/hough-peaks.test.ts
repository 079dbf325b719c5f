import { expect, test } from 'vitest'
import { type Hits, houghPeaks, SPEEDS } from './hough-peaks.ts'

function hitsOn(pairs: readonly (readonly [number, number])[]): Hits {
  const at = (side: 0 | 1) => Float64Array.from(pairs, (pair) => pair[side])
  return {
    size: pairs.length,
    queryMs: at(0),
    refFromMs: at(1),
    refToMs: at(1),
    weight: new Float32Array(pairs.length).fill(1),
  }
}

test.each(SPEEDS)('hits on a line at speed %f make it the strongest peak', (speed) => {
  const pairs = Array.from({ length: 60 }, (_, i) => [i * 500, i * 500 * speed + 7000] as const)
  const [best] = houghPeaks(hitsOn(pairs), { binMs: 250, rates: SPEEDS, limit: 4 })
  expect(best?.rate).toBe(speed)
  expect(Math.abs((best?.offsetMs ?? 0) - 7000)).toBeLessThanOrEqual(250)
})

test('two lines give two peaks, and no hits give none', () => {
  const pairs = Array.from({ length: 20 }, (_, i) => [i * 250, i * 250 + (i < 12 ? 0 : 60_000)] as const)
  const lines = houghPeaks(hitsOn(pairs), { binMs: 250, rates: [1], limit: 4 })
  expect(lines.map(({ offsetMs }) => offsetMs)).toEqual([0, 60_000])
  expect(houghPeaks(hitsOn([]), { binMs: 250, rates: SPEEDS, limit: 4 })).toEqual([])
})
