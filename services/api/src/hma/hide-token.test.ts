import { expect, test } from 'vitest'
import { hideToken } from './hide-token.ts'

test.each([
  ['/hma/secret/m/lookup', '/hma/***/m/lookup'],
  ['/hma/secret/', '/hma/***/'],
  ['/hma/secret', '/hma/***'],
  // A token may be one letter too.
  ['/hma/c', '/hma/***'],
  ['/hma/x/c/banks', '/hma/***/c/banks'],
])('the token in %s is hidden from the log', (path, shown) => {
  expect(hideToken(path)).toBe(shown)
})

test.each(['/hma/m/lookup', '/hma/c/banks', '/hma/h/hash', '/hma', '/hma/', '/', '/jobs', '/hmac/secret/x'])(
  'the path %s is logged as it is',
  (path) => {
    expect(hideToken(path)).toBe(path)
  },
)
