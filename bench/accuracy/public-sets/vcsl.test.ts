import { expect, test } from 'vitest'
import type { TextFile } from './text-file.ts'
import { boxesOf, readVcslBoxes, readVcslPairs, scoreVcsl, writeVcsl } from './vcsl.ts'

function json(content: unknown): TextFile {
  return { path: 'vcsl.json', text: JSON.stringify(content, null, 1) }
}
const labels = readVcslBoxes(
  json({ 'q1-r1': [[0, 20, 10, 30]], 'q1-r2': [[0, 0, 10, 10]], 'q2-r1': [[5, 5, 15, 15]] }),
)
const list = readVcslPairs({
  path: 'pairs.csv',
  text: 'query_id,reference_id\nq1,r1\nq1,r2\nq2,r1\nq2,r2\nq3,r3\n',
})

test('a segment is query start, reference start, query end, reference end', () => {
  expect(labels[0]).toEqual({
    query: 'q1',
    ref: 'r1',
    segments: [{ queryStart: 0, queryEnd: 10, refStart: 20, refEnd: 30 }],
  })
})

test('ids with equally many hyphens are separated at the middle one', () => {
  expect(readVcslBoxes(json({ 'a-b-c-d': [] }))[0]).toMatchObject({ query: 'a-b', ref: 'c-d' })
  expect(() => readVcslBoxes(json({ 'a-b-c': [] }))).toThrow('vcsl.json:2: "a-b-c" is not QUERY-REF')
})

test('precision and recall follow the reference code, on copies found, half found and missed, and one false alarm', () => {
  // q1-r1 in full: 1, 1. q1-r2 half: precision 1, recall 1/4. q2-r1 missed: recall 0. q2-r2 false: precision 0.
  const predictions = readVcslBoxes(
    json({ 'q1-r1': [[0, 20, 10, 30]], 'q1-r2': [[0, 0, 5, 5]], 'q2-r1': [], 'q2-r2': [[0, 0, 4, 4]] }),
  )
  const score = scoreVcsl(labels, predictions, list)
  expect(score).toMatchObject({ copies: 3, others: 2 })
  expect(score.falseRejections).toBeCloseTo(1 / 3)
  expect(score.falseAlarms).toBeCloseTo(1 / 2)
  expect(score.overall.precision).toBeCloseTo(2 / 3)
  expect(score.overall.recall).toBeCloseTo(1.25 / 3)
  expect(score.overall.f1).toBeCloseTo((2 * (2 / 3) * (1.25 / 3)) / (2 / 3 + 1.25 / 3))
  // By query: q1 has precision 1 and recall 0.625; q2 has precision 1, for the missed copy, and recall 0.
  expect(score.macro.precision).toBeCloseTo(1)
  expect(score.macro.recall).toBeCloseTo(0.3125)
})

test('without a list of pairs, the annotated and the predicted pairs are scored', () => {
  const score = scoreVcsl(labels, readVcslBoxes(json({ 'q9-r9': [[0, 0, 4, 4]] })))
  expect(score).toMatchObject({ copies: 3, others: 1, falseRejections: 1, falseAlarms: 1 })
})

test('reported rows are written and read back, and others are left out', () => {
  const row = { query: 'q1', ref: 'r1', queryStart: 0, queryEnd: 10, refStart: 20.5, refEnd: 30 }
  const rows = [
    { ...row, score: 0.9, accepted: true },
    { ...row, ref: 'r2', score: 0.1, accepted: false },
  ]
  expect(boxesOf(rows).map(({ ref }) => ref)).toEqual(['r1'])
  const { queryStart, queryEnd, refStart, refEnd } = row
  expect(readVcslBoxes({ path: 'own.json', text: writeVcsl(rows) })).toEqual([
    { query: 'q1', ref: 'r1', segments: [{ queryStart, queryEnd, refStart, refEnd }] },
  ])
})

test.each([
  ['broken JSON', '{\n"a-b": [[0, 0, 1, 1]],\n"a-c": [[0, 0, 1, 1]\n}', 'vcsl.json:4: not JSON'],
  ['a list', '[]', 'vcsl.json:1: not an object of pairs.'],
  ['a segment of three numbers', '{\n"a-b": [],\n"a-c": [[0, 0, 1]]\n}', 'vcsl.json:3: a segment is [0,0,1]'],
  ['a segment in words', '{\n"a-b": [["0", 0, 1, 1]]\n}', 'vcsl.json:2: a segment is ["0",0,1,1]'],
  ['a pair without segments', '{\n"a-b": 7\n}', 'vcsl.json:2: "a-b" has no list of segments.'],
  ['a segment that ends early', '{\n"a-b": [[5, 0, 1, 9]]\n}', 'vcsl.json:2: the segment ends'],
])('the error for %s names file and line', (_, text, message) => {
  expect(() => readVcslBoxes({ path: 'vcsl.json', text })).toThrow(message)
})
