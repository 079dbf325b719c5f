import { expect, test } from 'vitest'
import { trimInterval } from './trim-interval.ts'

const limits = { clear: 1, chance: 11, fewest: 5 }

/** Rows of an interval whose first rows are `end`. The interval is clear from then on. */
function startOf(end: readonly number[], body = 2): number {
  const values = Float64Array.of(...end, ...Array.from({ length: 40 }, () => body))
  const { from, to } = trimInterval({ from: 0, to: values.length - 1 }, values, limits)
  expect(to).toBe(values.length - 1)
  return from
}

const sparse = [2, -0.3, -0.3, -0.3, -0.3, 2, -0.3, -0.3, -0.3, -0.3]

test('an end that matches here and there is not part of an interval in which nearly every row matches', () => {
  expect(startOf(sparse)).toBe(10)
  const values = Float64Array.of(...Array.from({ length: 40 }, () => 2), ...[...sparse].reverse())
  expect(trimInterval({ from: 0, to: 49 }, values, limits)).toEqual({ from: 0, to: 39 })
})

test('an end that matches too often for chance stays part of the interval', () => {
  expect(startOf(Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 2 : 0)))).toBe(0)
  expect(startOf(Array.from({ length: 60 }, (_, i) => (i % 5 === 0 ? 2 : -0.2)))).toBe(0)
})

test('what is trimmed of a long sparse end is no more than chance may have added', () => {
  expect(startOf(Array(200).fill(0.125), 10)).toBe(87)
})

test('an end of a few rows stays part of the interval', () => {
  expect(startOf([0.2, 0, -0.1, 0])).toBe(0)
  expect(startOf([0.2, 0, -0.1, 0, 0])).toBe(5)
})

test('an interval in which little matches is left as it is', () => {
  expect(startOf([0, 0, 0, 0, 0, 0], 1.5)).toBe(6)
  expect(startOf([0, 0, 0, 0, 0, 0], 0.9)).toBe(0)
})
