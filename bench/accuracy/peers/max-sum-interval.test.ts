import { expect, test } from 'vitest'
import { maxSumInterval } from './max-sum-interval.ts'

const gainOf = (query: string, ref: string) => (i: number, j: number) => (query[i] === ref[j] ? 1 : -1)
function run(query: string, ref: string) {
  return maxSumInterval(gainOf(query, ref), { queryItems: query.length, refItems: ref.length })
}

test('the longest matching interval is found at its offset, across a single mismatch', () => {
  expect(run('..abcdXfghi', '0123abcdefghi')).toEqual({ queryFrom: 2, refFrom: 4, length: 9, evidence: 7 })
})

test('tracks with nothing in common have no interval', () => {
  expect(run('aaa', 'bbbb')).toBeNull()
  expect(run('', 'b')).toBeNull()
})
