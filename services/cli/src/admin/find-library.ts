import { Fault } from '@kinoprint/core'
import { type AdminBackend, listAll } from './backend.ts'

/** How commands describe an argument that names a library. */
export const LIBRARY_HELP = 'the name or the DnaDbId of the library'

type Library = Awaited<ReturnType<AdminBackend['listLibraries']>>['items'][number]

/**
 * The library of an id, or of a name that only one library has.
 *
 * @throws Fault NotFound if there is none, InvalidArgument if several libraries have the name.
 */
export async function findLibrary(
  backend: Pick<AdminBackend, 'listLibraries'>,
  nameOrId: string,
): Promise<Library> {
  const libraries = await listAll(backend.listLibraries)
  const byId = libraries.find(({ dnaDbId }) => dnaDbId === nameOrId)
  if (byId !== undefined) return byId
  const named = libraries.filter(({ name }) => name === nameOrId)
  const [found] = named
  if (found === undefined)
    throw new Fault(
      'NotFound',
      `No library has the name or the DnaDbId ${nameOrId}. List them with: kinoprint admin libraries list`,
    )
  if (named.length === 1) return found
  const ids = named.map(({ dnaDbId }) => dnaDbId).join(', ')
  throw new Fault('InvalidArgument', `${named.length} libraries are named ${nameOrId}. Use an id: ${ids}.`)
}

/** Creates a library of this name unless `findLibrary` finds one. Throws InvalidArgument as it does. */
export async function ensureLibrary(
  backend: Pick<AdminBackend, 'listLibraries' | 'createLibrary'>,
  nameOrId: string,
): Promise<void> {
  try {
    await findLibrary(backend, nameOrId)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'NotFound') throw error
    await backend.createLibrary({ body: { name: nameOrId } })
  }
}

/** The DnaDbId of `findLibrary`; undefined if no library is given. */
export async function libraryIdOf(
  backend: Pick<AdminBackend, 'listLibraries'>,
  nameOrId: string | undefined,
): Promise<string | undefined> {
  return nameOrId === undefined ? undefined : (await findLibrary(backend, nameOrId)).dnaDbId
}
