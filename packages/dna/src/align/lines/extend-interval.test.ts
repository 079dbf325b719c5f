import { expect, test } from 'vitest'
import { extendInterval } from './extend-interval.ts'

function extend(values: readonly number[], interval: { from: number; to: number }) {
  return extendInterval(interval, (row) => values[row] ?? null)
}

test('an interval is extended over neutral and slightly negative rows while it gains', () => {
  expect(extend([0.3, -0.1, 0.2, 1, 1, 0, 0.4, -0.5, -0.5, -0.5, -0.5], { from: 3, to: 4 })).toEqual({
    from: 0,
    to: 6,
  })
})

test('an interval is extended neither past the ends nor to a row that adds nothing', () => {
  expect(extend([0, 0, 1, 0], { from: 2, to: 2 })).toEqual({ from: 2, to: 2 })
  expect(extend([1, 1], { from: 0, to: 1 })).toEqual({ from: 0, to: 1 })
})

test('an interval is not extended across a long negative stretch', () => {
  expect(extend([1, -0.6, -0.6, -0.6, 1, 1, 1], { from: 0, to: 0 })).toEqual({ from: 0, to: 0 })
})
