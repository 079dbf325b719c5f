import { expect, test } from 'vitest'
import { lineOf, loopOf, passageAt, queryTimeAt, refTimeAt, rowsOf } from './time-map.ts'

const plain = {
  queryStart: 10,
  queryEnd: 30,
  refStart: 100,
  refEnd: 125,
  speed: 1.25,
  reversed: false,
  score: 0.9,
}
const backwards = { ...plain, reversed: true, speed: 1.25 }

test('a passage at another speed maps its ends to each other', () => {
  const line = lineOf(plain)
  expect(refTimeAt(line, 10)).toBe(100)
  expect(refTimeAt(line, 30)).toBe(125)
  expect(queryTimeAt(line, 112.5)).toBe(20)
})

test('a backwards passage maps its start to the end of the reference', () => {
  const line = lineOf(backwards)
  expect(refTimeAt(line, 10)).toBe(125)
  expect(refTimeAt(line, 30)).toBe(100)
  expect(queryTimeAt(line, 125)).toBe(10)
})

test('the selected passage explains a second that several passages hold', () => {
  const other = { ...plain, refStart: 200, refEnd: 225, score: 0.95 }
  const at = (time: number, preferred: number) =>
    passageAt([plain, other], { side: 'query', time, preferred })
  expect(at(20, 0)).toBe(0)
  expect(at(20, -1)).toBe(1)
  expect(at(5, 0)).toBe(-1)
  expect(passageAt([plain, other], { side: 'reference', time: 210, preferred: 0 })).toBe(1)
})

test('a short passage loops with a second around it, inside the video', () => {
  expect(loopOf(plain, 60)).toEqual({ start: 10, end: 30 })
  expect(loopOf({ ...plain, queryStart: 0.4, queryEnd: 2 }, 2.5)).toEqual({ start: 0, end: 2.5 })
})

test('passages that share half of their query seconds are one row', () => {
  const same = { ...plain, queryStart: 12, queryEnd: 31 }
  const apart = { ...plain, queryStart: 25, queryEnd: 45 }
  expect(rowsOf([plain, apart, same]).map(({ indexes }) => indexes)).toEqual([[0, 2], [1]])
})
