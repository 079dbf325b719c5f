import { expect, test } from 'vitest'
import { type SharedPassage, sharedStretches } from './shared-stretches.ts'

/** Two contents share `seconds` from these starts. */
function shared(a: string, aStart: number, b: string, bStart: number, seconds = 8): SharedPassage {
  return { a, b, aStart, aEnd: aStart + seconds, bStart, bEnd: bStart + seconds }
}

test('an ident that three contents share is suggested once, with where the others have it', () => {
  const [only, ...rest] = sharedStretches([
    shared('a', 0, 'b', 20),
    shared('a', 0, 'c', 40),
    shared('b', 20, 'c', 40),
  ])
  expect(rest).toEqual([])
  expect(only).toEqual({
    ...{ etag: 'a', start: 0, end: 8 },
    others: [
      { etag: 'b', start: 20, end: 28 },
      { etag: 'c', start: 40, end: 48 },
    ],
  })
})

test('what only two contents share, however often, is not suggested', () => {
  expect(sharedStretches([shared('a', 0, 'b', 0), shared('a', 0, 'b', 50), shared('c', 0, 'd', 0)])).toEqual(
    [],
  )
})

test('a stretch is as long as three contents share it, and at least 2 s', () => {
  const long = shared('a', 0, 'b', 0, 60)
  expect(sharedStretches([long, shared('a', 10, 'c', 0, 5)])).toMatchObject([
    { etag: 'a', start: 10, end: 15 },
  ])
  expect(sharedStretches([long, shared('a', 10, 'c', 0, 1.9)])).toEqual([])
})

test('two idents are two suggestions, the more widely shared first, and no more than 20 are made', () => {
  const two = [
    ...['b', 'c'].map((other) => shared('a', 100, other, 0)),
    ...['d', 'e', 'f'].map((other) => shared('a', 0, other, 0)),
  ]
  expect(sharedStretches(two).map(({ start, others }) => [start, others.length])).toEqual([
    [0, 3],
    [100, 2],
  ])
  const many = Array.from({ length: 30 }, (_, n) =>
    ['b', 'c'].map((other) => shared(`a${n}`, 0, other, 20 * n)),
  )
  expect(sharedStretches(many.flat())).toHaveLength(20)
})
