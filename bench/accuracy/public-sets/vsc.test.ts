import { expect, test } from 'vitest'
import type { TextFile } from './text-file.ts'
import { readVscAnnotations, readVscPredictions, scoreVsc, writeVsc } from './vsc.ts'

function file(...lines: string[]): TextFile {
  return { path: 'vsc.csv', text: `${lines.join('\n')}\n` }
}
const HEADER = 'query_id,ref_id,query_start,query_end,ref_start,ref_end'
const annotations = readVscAnnotations(
  file(HEADER, 'Q100001,R200001,0.0,10.0,20.0,30.0', 'Q100002,R200002,5,10,0,5', 'Q100003,,,,,'),
)

test('annotated segments are grouped by pair, and rows without a reference are skipped', () => {
  expect(annotations).toEqual([
    {
      query: 'Q100001',
      ref: 'R200001',
      segments: [{ queryStart: 0, queryEnd: 10, refStart: 20, refEnd: 30 }],
    },
    {
      query: 'Q100002',
      ref: 'R200002',
      segments: [{ queryStart: 5, queryEnd: 10, refStart: 0, refEnd: 5 }],
    },
  ])
})

test('a wrong pair between the two copies gives a micro-AP of 1/2 + 2/3 x 1/2', () => {
  const predictions = readVscPredictions(
    file('query_id,ref_id,score', 'Q100001,R200001,0.9', 'Q100001,R200002,0.8', 'Q100002,R200002,0.7'),
  )
  const score = scoreVsc(annotations, predictions)
  expect(score.microAP).toBeCloseTo(1 / 2 + 2 / 3 / 2)
  expect(score.segmentAP).toBeNaN()
})

test('numbers as ids get their letter and zeros, as in the reference code', () => {
  const predictions = readVscPredictions(file('score,ref_id,query_id', '0.5,200001,100001'))
  expect(predictions.candidates).toEqual([{ query: 'Q100001', ref: 'R200001', score: 0.5 }])
})

test('the segment AP of half a copy, as many wrong seconds, then the other copy is computed over seconds', () => {
  const predictions = readVscPredictions(
    file(
      `${HEADER},score`,
      'Q100001,R200001,0,5,20,25,0.9',
      'Q100001,R200002,0,5,0,5,0.8',
      'Q100002,R200002,5,10,0,5,0.7',
    ),
  )
  // Of 15 annotated seconds: 5 at precision 1, then 5 more at precision 10/15.
  const score = scoreVsc(annotations, predictions)
  expect(score.segmentAP).toBeCloseTo(5 / 15 + (10 / 15) * (5 / 15))
  expect(score.microAP).toBeCloseTo(1 / 2 + 2 / 3 / 2)
})

test('written predictions are read back unchanged', () => {
  const row = {
    query: 'Q1',
    ref: 'R2',
    queryStart: 0.5,
    queryEnd: 2,
    refStart: 7,
    refEnd: 8.25,
    score: 0.75,
  }
  expect(readVscPredictions({ path: 'own.csv', text: writeVsc([row]) }).rows).toEqual([row])
})

test.each([
  ['a missing column', [HEADER], 'vsc.csv:1: the header has no column score.'],
  [
    'a word for a number',
    [`${HEADER},score`, 'Q1,R1,0,1,0,1,1', 'Q1,R1,0,x,0,1,1'],
    'vsc.csv:3: query_end is "x"',
  ],
  ['a missing value', [`${HEADER},score`, 'Q1,R1,0,1,0,1'], 'vsc.csv:2: 6 values, but the header has 7'],
  [
    'a segment that ends before it starts',
    [`${HEADER},score`, 'Q1,R1,2,1,0,1,1'],
    'vsc.csv:2: the segment ends',
  ],
  [
    'a pair that occurs twice',
    ['query_id,ref_id,score', 'Q1,R1,1', 'Q1,R1,1'],
    'vsc.csv:3: the pair occurs twice',
  ],
])('the error for %s names file and line', (_, lines, message) => {
  expect(() => readVscPredictions(file(...lines))).toThrow(message)
})
