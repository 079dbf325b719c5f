import type { LibraryMatch } from '@kinoprint/engine'
import { expect, test } from 'vitest'
import { sampleSegment } from '../../../../packages/dna/testing/sample-segment.ts'
import { scanRows, sortRows } from './scan-rows.ts'

const copy = { name: 'copy.mp4', durationSeconds: 5 }

function segment(queryStart: number, score: number): LibraryMatch['segments'][number] {
  const refStart = queryStart + 100
  return sampleSegment({ queryStart, queryEnd: queryStart + 5, refStart, refEnd: refStart + 5, score })
}

function pair(fields: Partial<LibraryMatch>): LibraryMatch {
  return {
    videoId: 'dv1',
    object: 'film.mp4',
    durationSeconds: 200,
    score: 0.8,
    similar: 90,
    audioSimilar: 80,
    queryCoverage: 1,
    refCoverage: 0.1,
    segments: [segment(0, 0.6)],
    accepted: true,
    pictures: [],
    ...fields,
  }
}

test('a segment becomes one row with the names of both videos', () => {
  expect(scanRows(copy, [pair({})], { minScore: undefined })).toEqual([
    {
      query: 'copy.mp4',
      ref: 'film.mp4',
      ...segment(0, 0.8),
      accepted: true,
      queryCoverage: 1,
      refCoverage: 0.1,
      queryDuration: 5,
      refDuration: 200,
    },
  ])
})

test('the best segment has the score of the pair, the others a share of it', () => {
  const rows = scanRows(copy, [pair({ segments: [segment(0, 0.3), segment(50, 0.6)] })], {
    minScore: undefined,
  })
  expect(rows.map((row) => row.score)).toEqual([0.4, 0.8])
})

test('weak pairs appear only with --min-score', () => {
  const found = [pair({}), pair({ object: 'weak.mp4', score: 0.2, accepted: false })]
  expect(scanRows(copy, found, { minScore: undefined }).map((row) => row.ref)).toEqual(['film.mp4'])
  expect(scanRows(copy, found, { minScore: 0.1 }).map((row) => row.ref)).toEqual(['film.mp4', 'weak.mp4'])
  expect(scanRows(copy, found, { minScore: 0.9 })).toEqual([])
})

test('rows are sorted by query, reference and time', () => {
  const rows = scanRows({ ...copy, name: 'b' }, [pair({ segments: [segment(9, 1), segment(3, 1)] })], {
    minScore: 0,
  })
  const others = scanRows({ ...copy, name: 'a' }, [pair({ object: 'z.mp4' }), pair({ object: 'c.mp4' })], {
    minScore: 0,
  })
  expect(sortRows([...rows, ...others]).map((row) => `${row.query} ${row.ref} ${row.queryStart}`)).toEqual([
    'a c.mp4 0',
    'a z.mp4 0',
    'b film.mp4 3',
    'b film.mp4 9',
  ])
})
