import { Fault } from '@kinoprint/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeNextToken, encodeNextToken } from './next-token.ts'

test('a token decodes to its job', () => {
  const date = fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(date, fc.maxSafeNat(), (createdAt, seq) => {
      expect(decodeNextToken(encodeNextToken({ createdAt, seq }))).toEqual({ createdAt, seq })
    }),
  )
})

test('any other text is rejected with InvalidArgument', () => {
  const made = fc.json().map((text) => Buffer.from(text).toString('base64url'))
  fc.assert(
    fc.property(fc.oneof(fc.string(), made), (token) => {
      expect(() => decodeNextToken(token)).toThrow(Fault)
    }),
  )
})
