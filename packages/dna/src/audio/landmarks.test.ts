import { expect, test } from 'vitest'
import { KEYS, landmarksOf } from './landmarks.ts'

const spectra = Uint32Array.of(0, 3, 3, 10, 30, 200)
const bins = Uint8Array.of(50, 0, 60, 40, 189, 100)

test('landmarks pair each peak with the next three that are near in time and frequency', () => {
  const { size, peaks } = landmarksOf({ spectra, bins })
  // 1 and 4 are too far away in frequency, 5 in time, and 1 and 2 are at the same time.
  expect([size, [...peaks]]).toEqual([3, [0, 0, 2]])
})

test('the same sound has the same keys wherever it occurs', () => {
  const later = landmarksOf({ spectra: spectra.map((spectrum) => spectrum + 12_345), bins })
  expect(later.keys).toEqual(landmarksOf({ spectra, bins }).keys)
})

test('the keys of any peaks are below the limit and differ by frequency and distance', () => {
  const extremes = landmarksOf({
    spectra: Uint32Array.of(0, 48, 49, 100, 101, 148),
    bins: Uint8Array.of(189, 189, 159, 0, 30, 0),
  })
  expect(Math.max(...extremes.keys)).toBeLessThan(KEYS - 4096)
  expect(new Set(extremes.keys).size).toBe(extremes.size)
})
