import { expect, test } from 'vitest'
import { csvOf } from './csv.ts'

test.each([
  ['plain text', 'a b', 'a b'],
  ['a comma', 'a,b', '"a,b"'],
  ['quotes and lines', 'a"b\r\nc', '"a""b\r\nc"'],
  ['a formula', '=1+1', `"'=1+1"`],
  ['a formula after white space', ' \t\n@SUM(A1)', `"' \t\n@SUM(A1)"`],
  ['a formula of full-width characters', '＝1＋1', `"'＝1＋1"`],
  ['a negative number', -1.5, '-1.5'],
  ['nothing', null, ''],
])('%s in a cell is text for a spreadsheet', (_name, value, expected) => {
  expect(csvOf([[value, true]])).toBe(`${expected},true\r\n`)
})
