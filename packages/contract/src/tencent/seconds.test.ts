import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchDetailOf, matchDetailsOf, similarDurationOf, wholeSeconds } from './seconds.ts'

const durations = { queryDurationSeconds: 10, refDurationSeconds: 10 }

test('a whole copy of ten seconds is 0 to 9 and lasts 10', { tags: ['seconds-whole'] }, () => {
  const details = matchDetailsOf([{ queryStart: 0, queryEnd: 10, refStart: 0, refEnd: 10 }], durations)
  expect(details).toEqual([{ matchStartTime: 0, matchEndTime: 9, srcStartTime: 0, srcEndTime: 9 }])
  expect(similarDurationOf(details)).toBe(10)
})

test('half a second rounds up on both ends', { tags: ['seconds-half'] }, () => {
  expect(matchDetailOf({ queryStart: 1.5, queryEnd: 4.5, refStart: 1.49, refEnd: 4.49 }, durations)).toEqual({
    srcStartTime: 2,
    srcEndTime: 4,
    matchStartTime: 1,
    matchEndTime: 3,
  })
})

test('a segment shorter than 1 s still covers 1 s', { tags: ['seconds-short'] }, () => {
  const details = matchDetailsOf([{ queryStart: 3.1, queryEnd: 3.2, refStart: 7, refEnd: 7.1 }], durations)
  expect(details).toEqual([{ srcStartTime: 3, srcEndTime: 3, matchStartTime: 7, matchEndTime: 7 }])
  expect(similarDurationOf(details)).toBe(1)
})

test('times are clamped to the videos, which last at least one second', () => {
  expect(wholeSeconds(0.04)).toBe(1)
  expect(wholeSeconds(Number.NaN)).toBe(1)
  expect(matchDetailOf({ queryStart: -3, queryEnd: 99, refStart: 10.4, refEnd: 10.4 }, durations)).toEqual({
    srcStartTime: 0,
    srcEndTime: 9,
    matchStartTime: 9,
    matchEndTime: 9,
  })
})

test('segments that rounding makes equal appear once', () => {
  const segment = { queryStart: 0, queryEnd: 5, refStart: 0, refEnd: 5 }
  expect(matchDetailsOf([segment, { ...segment, queryEnd: 5.2 }], durations)).toHaveLength(1)
})

test('weak readings are left out, and their seconds do not count', () => {
  const segment = { queryStart: 0, queryEnd: 5, refStart: 0, refEnd: 5 }
  const reading = { ...segment, queryStart: 6, queryEnd: 9, weak: true }
  const details = matchDetailsOf([segment, reading, { ...segment, weak: false }], durations)
  expect(details).toEqual([{ srcStartTime: 0, srcEndTime: 4, matchStartTime: 0, matchEndTime: 4 }])
  expect(similarDurationOf(details)).toBe(5)
})

test('every covered second of the input counts once', { tags: ['seconds-covered'] }, () => {
  const second = fc.double({ min: 0, max: 60, noNaN: true })
  const segment = fc.record({ queryStart: second, queryEnd: second, refStart: second, refEnd: second })
  const long = { queryDurationSeconds: 60, refDurationSeconds: 60 }
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 8 }), (segments) => {
      const details = matchDetailsOf(segments, long)
      const covered = new Set<number>()
      for (const { srcStartTime, srcEndTime } of details) {
        expect(srcStartTime).toBeLessThanOrEqual(srcEndTime)
        for (let at = srcStartTime; at <= srcEndTime; at++) covered.add(at)
      }
      expect(similarDurationOf(details)).toBe(covered.size)
      expect([...covered].every((at) => at >= 0 && at <= 59)).toBe(true)
    }),
  )
})
