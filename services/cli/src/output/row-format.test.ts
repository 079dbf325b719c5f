import { expect, test } from 'vitest'
import { formatRows, rowFormatOf } from './row-format.ts'

const rows = [
  { name: 'a,b', seconds: 1.5, box: { left: 0 }, more: 'x' },
  { name: 'c', seconds: 2, box: null, more: 'y' },
]
const columns = ['name', 'seconds', 'box']

test('rows are one JSON array, one JSON object a line, or CSV with a header', () => {
  expect(JSON.parse(formatRows(rows, { format: 'json', columns }))).toEqual(rows)
  const lines = formatRows(rows, { format: 'jsonl', columns }).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual(rows)
  expect(formatRows(rows, { format: 'csv', columns })).toBe(
    'name,seconds,box\r\n"a,b",1.5,"{""left"":0}"\r\nc,2,\r\n',
  )
})

test('no rows are an empty array, no line, or a header', () => {
  expect(formatRows([], { format: 'json', columns })).toBe('[]\n')
  expect(formatRows([], { format: 'jsonl', columns })).toBe('')
  expect(formatRows([], { format: 'csv', columns })).toBe('name,seconds,box\r\n')
})

test.each([
  ['out.json', undefined, 'json'],
  ['out.jsonl', undefined, 'jsonl'],
  ['out.NDJSON', undefined, 'jsonl'],
  ['out.csv', undefined, 'csv'],
  ['out.csv', 'json', 'json'],
  ['-', undefined, 'json'],
  [undefined, undefined, 'json'],
] as const)('the output %s with the format %s is written as %s', (path, given, format) => {
  expect(rowFormatOf(path, given)).toBe(format)
})
