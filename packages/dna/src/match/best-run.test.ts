import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bestRun } from './best-run.ts'

test('the best run bridges a small gap and stops before a large one', () => {
  expect(bestRun(Float64Array.of(-1, 2, -0.5, 2, -9, 3))).toEqual({ from: 1, to: 3, sum: 3.5 })
})

test('nothing positive is no run, and neutral ends are left out', () => {
  expect(bestRun(Float64Array.of(0, -1, 0))).toBeNull()
  expect(bestRun(Float64Array.of(0, 0, 1, 0, 1, 0))).toEqual({ from: 2, to: 4, sum: 2 })
})

test('no stretch has a larger sum than the best run', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 30 }), (list) => {
      const best = bestRun(Float64Array.from(list))?.sum ?? 0
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
