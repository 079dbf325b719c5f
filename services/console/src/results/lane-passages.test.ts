import { expect, test } from 'vitest'
import { coveredSeconds, type Detection, unknownSpans } from './lane-passages.ts'

function detection(spans: readonly (readonly [number, number, boolean?])[]): Detection {
  return {
    segments: spans.map(([queryStart, queryEnd, weak = false]) => ({ queryStart, queryEnd, weak })),
  } as unknown as Detection
}

test('the seconds without a known source are those that no detection covers', () => {
  const detections = [detection([[2, 10]]), detection([[8, 20]])]
  expect(unknownSpans(detections, 30)).toEqual([
    { start: 0, end: 2 },
    { start: 20, end: 30 },
  ])
})

test('gaps shorter than two seconds and weak passages name no source', () => {
  expect(unknownSpans([detection([[1.5, 29]])], 30)).toEqual([])
  expect(unknownSpans([detection([[0, 30, true]])], 30)).toEqual([{ start: 0, end: 30 }])
})

test('a second that two passages of a detection cover counts once', () => {
  expect(
    coveredSeconds(
      detection([
        [0, 10],
        [5, 12],
      ]),
    ),
  ).toBe(12)
})
