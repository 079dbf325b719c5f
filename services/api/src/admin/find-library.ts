import { Fault } from '@kinoprint/core'
import { getLibrary, type Library } from '@kinoprint/store'
import type { Request } from 'express'
import type { ApiContext } from '../context.ts'

/** The library that the path names, or the answer 404. */
export const findLibrary = async ({ db }: ApiContext, req: Request): Promise<Library> => {
  const dnaDbId = String(req.params.dnaDbId)
  const library = await getLibrary(db, dnaDbId)
  if (library === null) throw new Fault('NotFound', `There is no library ${dnaDbId}.`)
  return library
}
