import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxSumInterval } from './max-sum-interval.ts'

test('the interval with the largest sum bridges a small gap and stops before a large one', () => {
  expect(maxSumInterval(Float64Array.of(-1, 2, -0.5, 2, -9, 3))).toEqual({ from: 1, to: 3, sum: 3.5 })
})

test('there is no interval without a positive value, and its ends are never neutral', () => {
  expect(maxSumInterval(Float64Array.of(0, -1, 0))).toBeNull()
  expect(maxSumInterval(Float64Array.of(0, 0, 1, 0, 1, 0))).toEqual({ from: 2, to: 4, sum: 2 })
})

test('no other interval has a larger sum', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 30 }), (list) => {
      const best = maxSumInterval(Float64Array.from(list))?.sum ?? 0
      for (let from = 0; from < list.length; from++) {
        let sum = 0
        for (const value of list.slice(from)) {
          sum += value
          expect(sum).toBeLessThanOrEqual(best)
        }
      }
    }),
  )
})
