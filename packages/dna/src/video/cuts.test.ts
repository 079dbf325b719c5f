import { expect, test } from 'vitest'
import { CUTS, PARTS, QUERY_CUTS, windowOfCut } from './cuts.ts'

test('every cut lies inside the picture and is smaller than it', () => {
  const picture = { left: 0, top: 24, right: 192, bottom: 168 }
  expect(CUTS.size).toBeGreaterThan(0)
  for (const cut of [...CUTS.values(), ...QUERY_CUTS]) {
    const { left, top, right, bottom } = windowOfCut(cut, picture)
    expect(left >= 0 && top >= 24 && right <= 192 && bottom <= 168).toBe(true)
    expect((right - left) * (bottom - top)).toBeLessThan(192 * 144)
    expect(right - left).toBeGreaterThan(50)
  }
})

test('a part of a query is a stored cut of what the query was cut from', () => {
  const whole = { left: 0, top: 0, right: 192, bottom: 192 }
  const shown = [
    { left: 0.05, top: 0.05, right: 0.95, bottom: 0.95 },
    { left: 0.1, top: 0.1, right: 0.9, bottom: 0.9 },
    { left: 0, top: 0, right: 0.9, bottom: 0.9 },
    { left: 0.1, top: 0.1, right: 1, bottom: 1 },
  ]
  for (const [i, { cut, of }] of PARTS.entries()) {
    const stored = CUTS.get(cut)
    const part = windowOfCut(of, windowOfCut(shown[i] ?? of, whole))
    for (const side of ['left', 'top', 'right', 'bottom'] as const) {
      expect(part[side]).toBeCloseTo(192 * (stored?.[side] ?? -1), 6)
    }
  }
})
