import { expect, test } from 'vitest'
import type { AdminBackend } from './backend.ts'
import { ensureLibrary, findLibrary, libraryIdOf } from './find-library.ts'

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

test('a library that is to be there is created once, and one of several with the name is refused', async () => {
  const names = ['series', 'twice', 'twice']
  const backend = {
    ...backendWith(),
    listLibraries: async () => ({
      items: names.map((name, n) => ({ dnaDbId: `Db${n}`, name })),
      total: names.length,
    }),
    createLibrary: async ({ body }: { body: { name: string } }) => {
      names.push(body.name)
    },
  } as unknown as AdminBackend
  await ensureLibrary(backend, 'films')
  await ensureLibrary(backend, 'films')
  await ensureLibrary(backend, 'Db0')
  await expect(ensureLibrary(backend, 'twice')).rejects.toThrow('2 libraries are named twice.')
  expect(names).toEqual(['series', 'twice', 'twice', 'films'])
})
