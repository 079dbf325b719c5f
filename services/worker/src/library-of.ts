import { Fault } from '@kinoprint/core'
import { type Database, getLibrary, type Library } from '@kinoprint/store'

/** The library as it is now: it may have changed, or gone, since the job was sent. */
export const libraryOf = async (db: Database, dnaDbId: string): Promise<Library> => {
  const library = await getLibrary(db, dnaDbId)
  if (library === null) throw new Fault('InvalidArgument', `There is no library ${dnaDbId}.`)
  return library
}
