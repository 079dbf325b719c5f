import { expect, test } from 'vitest'
import { compiledFile } from './compiled-file.ts'

test.each([
  [
    'file:///src/app/packages/engine/src/threads/pool.ts',
    'file:///src/app/packages/engine/dist/threads/a.js',
  ],
  [
    'file:///src/app/packages/engine/dist/threads/pool.js',
    'file:///src/app/packages/engine/dist/threads/a.js',
  ],
])('the thread of a module at %s is the compiled file %s', (parentUrl, entry) => {
  expect(compiledFile(parentUrl, './a.js').href).toBe(entry)
})
