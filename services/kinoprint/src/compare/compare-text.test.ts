import { expect, test } from 'vitest'
import { compareText } from './compare-text.ts'

const match = {
  score: 0.9312,
  similar: 96,
  audioSimilar: 0,
  queryCoverage: 1,
  refCoverage: 0.25,
  accepted: true,
  segments: [
    {
      queryStart: 0,
      queryEnd: 10,
      refStart: 65,
      refEnd: 75,
      score: 0.93,
      kind: 'video' as const,
      speed: 1.05,
      mirrored: true,
      reversed: true,
      turn: 90 as const,
    },
  ],
}

test('scores, coverage and passages are told in words', () => {
  const text = compareText(match, { seconds: { a: 10, b: 40 }, columns: null })
  expect(text.split('\n')).toEqual([
    'score     0.931 (a copy)',
    'similar   pictures 96, sound 0 of 100',
    'covered   100 % of A, 25 % of B',
    '',
    '   in A               in B               score  by     speed',
    'a  0:00.00 - 0:10.00  1:05.00 - 1:15.00  0.930  video  x1.05  mirrored, turned 90°, backwards',
  ])
})

test('on a terminal both files are drawn', () => {
  const text = compareText(match, { seconds: { a: 10, b: 100 }, columns: 20 })
  expect(text).toContain('  A |aaaaaaaaaaaaaaaaaaaa|\n  B |.............aa.....|')
})

test('files that share nothing say so', () => {
  expect(compareText({ ...match, segments: [] }, { seconds: { a: 1, b: 1 }, columns: 20 })).toBe(
    'The two files share nothing.',
  )
})
