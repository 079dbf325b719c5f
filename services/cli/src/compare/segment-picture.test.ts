import { expect, test } from 'vitest'
import { segmentPicture } from './segment-picture.ts'

test('a segment is drawn at its position in both files', () => {
  const passages = [{ queryStart: 0, queryEnd: 10, refStart: 10, refEnd: 20 }]
  expect(segmentPicture(passages, { seconds: { a: 10, b: 40 }, columns: 8 })).toEqual([
    '  A |aaaaaaaa|',
    '  B |..aa....|',
  ])
})

test('every segment has its own letter and at least one column', () => {
  const passages = [
    { queryStart: 0, queryEnd: 1, refStart: 99, refEnd: 100 },
    { queryStart: 50, queryEnd: 51, refStart: 0, refEnd: 1 },
  ]
  expect(segmentPicture(passages, { seconds: { a: 100, b: 100 }, columns: 10 })).toEqual([
    '  A |a....b....|',
    '  B |b........a|',
  ])
})
