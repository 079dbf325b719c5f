import { expect, test } from 'vitest'
import type { TextFile } from './text-file.ts'
import { readVcdbAnnotations, readVcdbPredictions, scoreVcdb, writeVcdb } from './vcdb.ts'

function file(...lines: string[]): TextFile {
  return { path: 'vcdb.txt', text: `${lines.join('\n')}\n` }
}
const annotations = readVcdbAnnotations([
  file('a.flv,b.mp4,00:00:10,00:00:30,00:01:00,00:01:20', 'a.flv,c.flv,00:00:00,00:00:10,00:00:00,00:00:10'),
])

test('each annotation counts from both sides, and names lose their extension', () => {
  expect(annotations.map(({ query, ref }) => query + ref)).toEqual(['ab', 'ba', 'ac', 'ca'])
  expect(annotations[1]?.segments).toEqual([{ queryStart: 60, queryEnd: 80, refStart: 10, refEnd: 30 }])
})

test('precision and recall of segments and frames are computed over both directions, at any score and at the best threshold', () => {
  const predictions = readVcdbPredictions(
    file('b,a,00:01:00,00:01:10,00:00:10,00:00:20,0.9', 'a,c,00:01:00,00:01:10,00:01:00,00:01:10,0.4'),
  )
  const score = scoreVcdb(annotations, predictions)
  // Of 2 predicted segments 1 is correct, of 2 annotated 1 is found; of 20 predicted seconds 10, of 30 annotated 10.
  expect(score.segments).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 })
  expect(score.frames.precision).toBeCloseTo(0.5)
  expect(score.frames.recall).toBeCloseTo(1 / 3)
  expect(score.best.score).toBe(0.9)
  expect(score.best.segments).toEqual({ precision: 1, recall: 0.5, f1: expect.closeTo(2 / 3) })
  expect(score.best.frames.precision).toBeCloseTo(1)
  expect(score.curve.map(({ precision, recall }) => [precision, recall])).toEqual([
    [1, 0.5],
    [0.5, 0.5],
  ])
})

test('a prediction given from both sides counts once from each, with its higher score', () => {
  const both = readVcdbPredictions(
    file('b,a,00:01:00,00:01:10,00:00:10,00:00:20,0.9', 'a,b,00:00:10,00:00:20,00:01:00,00:01:10,0.3'),
  )
  expect(scoreVcdb(annotations, both)).toMatchObject({
    segments: { precision: 1, recall: 0.5 },
    best: { score: 0.9 },
  })
})

test('nothing predicted has precision 1 and recall 0', () => {
  expect(scoreVcdb(annotations, []).segments).toEqual({ precision: 1, recall: 0, f1: 0 })
})

test('written predictions are read back with milliseconds', () => {
  const row = {
    query: 'a',
    ref: 'b',
    queryStart: 3671.25,
    queryEnd: 3672,
    refStart: 0.5,
    refEnd: 59.9996,
    score: 0.75,
  }
  const [back] = readVcdbPredictions({ path: 'own.txt', text: writeVcdb([row]) })
  expect(back).toEqual({ ...row, refEnd: 60 })
})

test.each([
  [
    'a time without hours',
    'a,b,00:10,00:00:30,00:01:00,00:01:20,1',
    'vcdb.txt:2: startA is "00:10", not HH:MM:SS',
  ],
  ['a missing time', 'a,b,00:00:10,00:00:30,00:01:00,1', 'vcdb.txt:2: 6 values; a line has 7'],
  ['a word for a score', 'a,b,00:00:10,00:00:30,00:01:00,00:01:20,x', 'vcdb.txt:2: score is "x"'],
  ['a segment that ends early', 'a,b,00:00:30,00:00:10,00:01:00,00:01:20,1', 'vcdb.txt:2: the segment ends'],
])('the error for %s names file and line', (_, line, message) => {
  const good = 'a,b,00:00:10,00:00:30,00:01:00,00:01:20,1'
  expect(() => readVcdbPredictions(file(good, line))).toThrow(message)
})
