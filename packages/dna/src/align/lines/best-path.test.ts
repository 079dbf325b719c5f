import { expect, test } from 'vitest'
import { bestPath, type PathLine } from './best-path.ts'

function lineOf(
  support: readonly number[],
  { cost = 1, from = 0 }: { cost?: number; from?: number } = {},
): PathLine {
  return { from, to: support.length - 1, support: Float32Array.from(support), cost }
}

/** The same value for each sample. */
function flat(value: number, samples: number): number[] {
  return new Array<number>(samples).fill(value)
}

test('each sample gets the line that supports it most, or none', () => {
  const lines = [
    lineOf([...flat(1, 6), ...flat(-0.25, 12)]),
    lineOf([...flat(-0.25, 6), ...flat(1, 6), ...flat(-0.25, 6)]),
  ]
  expect(bestPath(18, lines)).toEqual([
    { line: 0, from: 0, to: 5 },
    { line: 1, from: 6, to: 11 },
  ])
})

test('a line that fits roughly throughout loses against exact lines, each for a part', () => {
  const rough = lineOf(flat(0.3, 24))
  const exact = [0, 8, 16].map((at) => lineOf([...flat(-0.25, at), ...flat(0.9, 8), ...flat(-0.25, 16 - at)]))
  expect(bestPath(24, [rough, ...exact])).toEqual([
    { line: 1, from: 0, to: 7 },
    { line: 2, from: 8, to: 15 },
    { line: 3, from: 16, to: 23 },
  ])
})

test('a slightly better line does not interrupt a passage', () => {
  const lines = [lineOf(flat(0.5, 20)), lineOf([...flat(-0.25, 8), ...flat(0.7, 4), ...flat(-0.25, 8)])]
  expect(bestPath(20, lines)).toEqual([{ line: 0, from: 0, to: 19 }])
})

test('support below the cost of a passage is no passage', () => {
  expect(bestPath(10, [lineOf([...flat(0, 4), 0.4, 0.4, ...flat(0, 4)])])).toEqual([])
})

test('a few bad samples at the end of the query do not shorten a passage, but do within it', () => {
  const good = flat(0.5, 12)
  expect(bestPath(13, [lineOf([...good, -0.25])])).toEqual([{ line: 0, from: 0, to: 12 }])
  expect(bestPath(20, [lineOf([...good, ...flat(-0.25, 8)])])).toEqual([{ line: 0, from: 0, to: 11 }])
})

test('a line is used only where it exists', () => {
  expect(bestPath(10, [lineOf(flat(1, 10), { from: 4 })])).toEqual([{ line: 0, from: 4, to: 9 }])
  expect(bestPath(0, [])).toEqual([])
})

test('samples without support at the ends of a passage do not belong to it', () => {
  const line = lineOf([-0.25, -0.25, -0.25, 0, 0, ...flat(1, 6), 0, 0, -0.25, -0.25, -0.25])
  expect(bestPath(16, [line])).toEqual([{ line: 0, from: 5, to: 10 }])
})
