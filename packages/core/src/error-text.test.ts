import { expect, test } from 'vitest'
import { errorCode, errorText } from './error-text.ts'

test.each([
  ['its message', new Error('refused'), 'refused'],
  [
    'its code if the message is empty',
    Object.assign(new Error(''), { code: 'ECONNREFUSED' }),
    'ECONNREFUSED',
  ],
  ['its name if it has neither', new TypeError(''), 'TypeError'],
  ['its parts if several addresses failed', new AggregateError([new Error('a'), new Error('b')]), 'a; b'],
  ['a thrown value that is not an error', 'text', 'text'],
  ['undefined', undefined, 'undefined'],
])('an error is described by %s', (_name, error, text) => {
  expect(errorText(error)).toBe(text)
})

test('only a code of letters and digits in text counts as the code of an error', () => {
  expect(errorCode(Object.assign(new Error('x'), { code: '23505' }))).toBe('23505')
  expect([new Error('x'), { code: 5 }, null, undefined, 'ENOENT'].map(errorCode)).toEqual([
    '',
    '',
    '',
    '',
    '',
  ])
})
