import { expect, test } from 'vitest'
import { filterOf } from './filter.ts'

test('the queue shows open matches unless the address names another state', () => {
  expect(filterOf('')).toEqual({ state: 'open' })
  expect(filterOf('?state=near')).toEqual({ state: 'near' })
  expect(filterOf('?state=nonsense&order=x')).toEqual({ state: 'open' })
})

test('ranges of the address are a number, or two with a dash', () => {
  expect(filterOf('?score=0.45-0.9&seconds=10')).toEqual({
    state: 'open',
    score: '0.45-0.9',
    seconds: '10',
  })
  expect(filterOf('?score=high')).toEqual({ state: 'open' })
})

test('the page and the selected row are no filter', () => {
  expect(filterOf('?page=3&at=m1&q=ad&track=sound')).toEqual({ state: 'open', q: 'ad', track: 'sound' })
})
