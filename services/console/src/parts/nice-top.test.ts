import { expect, test } from 'vitest'
import { niceTop } from './nice-top.ts'

test.each([
  [0, 4],
  [3, 4],
  [5, 8],
  [9, 10],
  [10, 10],
  [67, 80],
  [101, 200],
  [12_480, 20_000],
])('an axis for values up to %s ends at %s', (largest, top) => {
  expect(niceTop(largest)).toBe(top)
})
