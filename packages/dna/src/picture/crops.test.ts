import { expect, test } from 'vitest'
import { CROPS, cropRect, QUERY_CROPS, SUBCROPS } from './crops.ts'

test('every crop is inside the picture and smaller than it', () => {
  const picture = { left: 0, top: 24, right: 192, bottom: 168 }
  expect(CROPS.size).toBeGreaterThan(0)
  for (const crop of [...CROPS.values(), ...QUERY_CROPS]) {
    const { left, top, right, bottom } = cropRect(crop, picture)
    expect(left >= 0 && top >= 24 && right <= 192 && bottom <= 168).toBe(true)
    expect((right - left) * (bottom - top)).toBeLessThan(192 * 144)
    expect(right - left).toBeGreaterThan(50)
  }
})

test('a subcrop of a cropped query covers exactly a stored crop of the original', () => {
  const whole = { left: 0, top: 0, right: 192, bottom: 192 }
  const shown = [
    { left: 0.05, top: 0.05, right: 0.95, bottom: 0.95 },
    { left: 0.1, top: 0.1, right: 0.9, bottom: 0.9 },
    { left: 0, top: 0, right: 0.9, bottom: 0.9 },
    { left: 0.1, top: 0.1, right: 1, bottom: 1 },
  ]
  for (const [i, { viewId, part }] of SUBCROPS.entries()) {
    const stored = CROPS.get(viewId)
    const covered = cropRect(part, cropRect(shown[i] ?? part, whole))
    for (const side of ['left', 'top', 'right', 'bottom'] as const) {
      expect(covered[side]).toBeCloseTo(192 * (stored?.[side] ?? -1), 6)
    }
  }
})
