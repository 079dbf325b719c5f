import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkBucketName, checkObjectName, hasEmptySegment } from './names.ts'

test.each(['kinoprint-1250000000', 'x-125', 'a', 'films.example-1', '0-9'])(
  '%s is a bucket name',
  (bucket) => {
    expect(() => checkBucketName(bucket)).not.toThrow()
  },
)

test.each([
  '',
  '.',
  '..',
  '.uploads',
  'a/b',
  'a\\b',
  'A-1',
  'a..b',
  '-a',
  'a-',
  'ä',
  'a\0',
  `a${'b'.repeat(63)}`,
])('%j is not a bucket name', (bucket) => {
  expect(() => checkBucketName(bucket)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
})

test.each([
  'a.mp4',
  'a/b/c.mp4',
  '...',
  '..a/b..',
  '.hidden',
  'a//b',
  'a/',
  ' a ',
  'größe/影片 1.mp4',
  'a:b?c*d"e',
  // Two dot leaders, a fullwidth full stop, a division slash, a percent-encoded parent folder: all are ordinary names.
  '\u2025/\uff0e\uff0e/\u2215etc',
  '%2e%2e/passwd',
])('%j is an object name', (object) => {
  expect(() => checkObjectName(object)).not.toThrow()
})

test.each([
  '',
  '/etc/passwd',
  '../a',
  'a/../b',
  'a/..',
  './a',
  'a/./b',
  'a\\..\\b',
  'a\0.mp4',
  '\ud800',
  'x'.repeat(256),
  `${'long/'.repeat(300)}x`,
])('%j is not an object name', (object) => {
  expect(() => checkObjectName(object)).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
})

test('empty segments are recognised', () => {
  expect(['a//b', 'a/', '//', 'a///b/c'].map(hasEmptySegment)).toEqual([true, true, true, true])
  expect(['a', 'a/b', 'a/b/c.mp4'].map(hasEmptySegment)).toEqual([false, false, false])
})

test('every accepted name stays below the folder that it is joined to', { tags: ['object-names'] }, () => {
  const pieces = fc.constantFrom('..', '.', '/', '\\', 'a', '\0', '%2e', '\u2024', '//', 'b.mp4')
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
      const object = parts.join('')
      try {
        checkObjectName(object)
      } catch {
        return
      }
      expect(new URL(`file:///root/${object.split('/').map(encodeURIComponent).join('/')}`).pathname).toMatch(
        /^\/root\/./,
      )
    }),
  )
})
