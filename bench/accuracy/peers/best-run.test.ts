import { expect, test } from 'vitest'
import { bestRun } from './best-run.ts'

const gainOf = (query: string, ref: string) => (i: number, j: number) => (query[i] === ref[j] ? 1 : -1)
const run = (query: string, ref: string) =>
  bestRun(gainOf(query, ref), { queryItems: query.length, refItems: ref.length })

test('the longest stretch that agrees is found at its offset, over a single mistake', () => {
  expect(run('..abcdXfghi', '0123abcdefghi')).toEqual({ queryFrom: 2, refFrom: 4, length: 9, evidence: 7 })
})

test('nothing in common is no run', () => {
  expect(run('aaa', 'bbbb')).toBeNull()
  expect(run('', 'b')).toBeNull()
})
