import { expect, test } from 'vitest'
import { filterOf, isFiltered, tabOf } from './job-query.ts'

test('the fields of an address become the filter of the API', () => {
  expect(
    filterOf({ state: 'waiting', rule: 'FindSimilarVideo', library: 'Db1', reason: 'NotFound' }),
  ).toEqual({
    state: ['Submitted', 'Pause'],
    ruleType: 'FindSimilarVideo',
    dnaDbId: 'Db1',
    code: 'NotFound',
  })
})

test('unknown and empty fields of an address are left out', () => {
  expect(filterOf({ state: 'constructor', rule: 'Mine', q: '' })).toEqual({})
  expect(tabOf({ state: '__proto__' })).toBe('all')
})

test('a tab alone is no filter', () => {
  expect(isFiltered({ state: 'failed' })).toBe(false)
  expect(isFiltered({ state: 'failed', q: 'a' })).toBe(true)
})
