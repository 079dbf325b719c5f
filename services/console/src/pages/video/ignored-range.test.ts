import { expect, test } from 'vitest'
import { rangeAt, withEnd } from './ignored-range.ts'

const range = { start: 10, end: 20 }

test.each([
  ['start', 12.34, { start: 12.3, end: 20 }],
  ['start', 25, { start: 19.5, end: 20 }],
  ['start', -3, { start: 0, end: 20 }],
  ['end', 99, { start: 10, end: 60 }],
  ['end', 4, { start: 10, end: 10.5 }],
  ['end', Number.NaN, { start: 10, end: 10.5 }],
] as const)('the %s of a range of 10 to 20 s is moved to %d s within a video of 60 s', (side, to, moved) => {
  expect(withEnd(range, side, to, 60)).toEqual(moved)
})

test('an end never makes a range longer than the server takes', () => {
  expect(withEnd(range, 'end', 5000, 9000)).toEqual({ start: 10, end: 610 })
})

test.each([
  [0, 8, { start: 0, end: 8 }],
  [58, 60, { start: 58, end: 60 }],
  [60, 60, { start: 59.5, end: 60 }],
])('a new range at %d s of a video of %d s is within it', (at, duration, expected) => {
  expect(rangeAt(at, duration)).toEqual(expected)
})

test('a new range begins after those that hold its second', () => {
  const taken = [
    { start: 4, end: 9 },
    { start: 0, end: 4.2 },
  ]
  expect(rangeAt(1, 60, taken)).toEqual({ start: 9, end: 19 })
})
