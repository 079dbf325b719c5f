import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { systemFault } from './system-fault.ts'

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

test('a path that the system refuses becomes a sentence with a remedy', async () => {
  const fault = systemFault(await failureOf(readFile('/no/such/file')))
  expect(fault).toMatchObject({
    code: 'InvalidArgument',
    message: '/no/such/file: there is no such file or folder. Check the path, or create the folder first.',
  })
})

test('an error that is about no path is a bug and stays as it is', () => {
  const bug = new TypeError('x is not a function')
  expect(systemFault(bug)).toBe(bug)
  const odd = Object.assign(new Error('odd'), { code: 'EODD', path: '/x' })
  expect(systemFault(odd)).toBe(odd)
})
