import { expect, test } from 'vitest'
import { grownRun } from './grow-run.ts'

const grow = (values: readonly number[], run: { from: number; to: number }) =>
  grownRun(run, (row) => values[row] ?? null)

test('a run grows over neutral and slightly contrary rows as long as it gains', () => {
  expect(grow([0.3, -0.1, 0.2, 1, 1, 0, 0.4, -0.5, -0.5, -0.5, -0.5], { from: 3, to: 4 })).toEqual({
    from: 0,
    to: 6,
  })
})

test('a run never grows past the ends, nor to a row that adds nothing', () => {
  expect(grow([0, 0, 1, 0], { from: 2, to: 2 })).toEqual({ from: 2, to: 2 })
  expect(grow([1, 1], { from: 0, to: 1 })).toEqual({ from: 0, to: 1 })
})

test('a run does not reach over a long stretch that speaks against it', () => {
  expect(grow([1, -0.6, -0.6, -0.6, 1, 1, 1], { from: 0, to: 0 })).toEqual({ from: 0, to: 0 })
})
