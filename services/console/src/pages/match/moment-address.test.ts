import { expect, test } from 'vitest'
import { readFragment } from './moment-address.ts'

test('the fragment names passage, second, mode and what both bars show', () => {
  expect(readFragment('#p=2&t=14.96&m=difference&z=6.9-32.9,148.4-174.4')).toEqual({
    passage: 2,
    time: 14.96,
    mode: 'difference',
    span: { start: 6.9, end: 32.9 },
    refSpan: { start: 148.4, end: 174.4 },
  })
  expect(readFragment('#z=0-5')).toEqual({ span: { start: 0, end: 5 } })
})

test.each(['', '#', '#p=0&t=-1&m=flicker&z=', '#p=x&t=NaN&z=5-1', '#z=a-b,c-d', '#p=1.5&z=9,-'])(
  'a fragment that says nothing of use is ignored: %s',
  (fragment) => {
    expect(readFragment(fragment)).toEqual({})
  },
)
