import { expect, test } from 'vitest'
import { CUTS, windowOfCut } from './cuts.ts'

test('every cut lies inside the picture and is smaller than it', () => {
  const picture = { left: 0, top: 24, right: 192, bottom: 168 }
  expect(CUTS.length).toBeGreaterThan(0)
  for (const cut of CUTS) {
    const { left, top, right, bottom } = windowOfCut(cut, picture)
    expect(left >= 0 && top >= 24 && right <= 192 && bottom <= 168).toBe(true)
    expect((right - left) * (bottom - top)).toBeLessThan(192 * 144)
    expect(right - left).toBeGreaterThan(50)
  }
})
