import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { systemFault } from './file-fault.ts'

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  )
}

test('an operating system error for a path becomes a message with a remedy', async () => {
  const fault = systemFault(await failureOf(readFile('/no/such/file')))
  expect(fault).toMatchObject({
    code: 'InvalidArgument',
    message: '/no/such/file: no such file or folder. Check the path, or create the folder first.',
  })
})

test('a full disk is explained also where the error names no file', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  expect(systemFault(full)).toMatchObject({
    code: 'InvalidArgument',
    message: 'The disk is full. Free some space and try again.',
  })
})

test('an error without a path is a bug and is returned unchanged', () => {
  const bug = new TypeError('x is not a function')
  expect(systemFault(bug)).toBe(bug)
  const odd = Object.assign(new Error('odd'), { code: 'EODD', path: '/x' })
  expect(systemFault(odd)).toBe(odd)
})
