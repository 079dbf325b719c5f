import { Fault } from '@kinoprint/core'
import { expect, test } from 'vitest'
import { packError, unpackError } from './thread-error.ts'

function across(error: unknown): Error {
  return unpackError(structuredClone(packError(error)))
}

test('a fault stays a fault with its code and message', () => {
  const fault = across(new Fault('ResourceNotSupported', 'The file is empty.'))
  expect(fault).toBeInstanceOf(Fault)
  expect(fault).toMatchObject({ code: 'ResourceNotSupported', message: 'The file is empty.' })
})

test('any other error is not a fault and keeps its stack', () => {
  const bug = new TypeError('x is not a function')
  const seen = across(bug)
  expect(seen).not.toBeInstanceOf(Fault)
  expect(seen.message).toBe('x is not a function')
  expect(seen.stack).toBe(bug.stack)
  expect(across('thrown text').message).toBe('thrown text')
})
