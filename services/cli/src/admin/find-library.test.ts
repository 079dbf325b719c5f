import { expect, test } from 'vitest'
import type { AdminBackend } from './backend.ts'
import { findLibrary, libraryIdOf } from './find-library.ts'

function backendWith(...libraries: readonly (readonly [string, string])[]): AdminBackend {
  const items = libraries.map(([dnaDbId, name]) => ({ dnaDbId, name }))
  return { listLibraries: async () => ({ items, total: items.length }) } as unknown as AdminBackend
}

test('a library is found by its id, or by a name that no other library has', async () => {
  const backend = backendWith(['Db1', 'films'], ['Db2', 'series'])
  expect(await findLibrary(backend, 'series')).toMatchObject({ dnaDbId: 'Db2' })
  expect(await findLibrary(backend, 'Db1')).toMatchObject({ name: 'films' })
  expect(await libraryIdOf(backend, undefined)).toBeUndefined()
})

test('an id counts before the same text as a name of another library', async () => {
  const backend = backendWith(['Db1', 'Db2'], ['Db2', 'series'])
  expect(await libraryIdOf(backend, 'Db2')).toBe('Db2')
})

test('a name of several libraries is refused, and the message lists their ids', async () => {
  const backend = backendWith(['Db1', 'films'], ['Db2', 'films'])
  await expect(findLibrary(backend, 'films')).rejects.toThrow(
    '2 libraries are named films. Use an id: Db1, Db2.',
  )
})

test('an unknown library is refused, and the message names the command that lists all', async () => {
  await expect(findLibrary(backendWith(), 'films')).rejects.toThrow('kinoprint admin libraries list')
})
