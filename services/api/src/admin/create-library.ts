import { newLibrarySchema, parseAdmin } from '@kinoprint/contract'
import { createLibrary as insertLibrary } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { libraryBody } from './library-body.ts'
import { readJsonBody } from './read-json-body.ts'

/** POST /admin/libraries */
export const createLibrary =
  ({ db, settings }: ApiContext): RequestHandler =>
  async (req, res) => {
    const asked = parseAdmin(newLibrarySchema, await readJsonBody(req))
    const library = await insertLibrary(db, {
      ...asked,
      nameMustBeUnique: true,
      bucket: asked.bucket ?? settings.defaultBucket,
      region: asked.region ?? settings.defaultRegion,
    })
    sendJson(res, 201, libraryBody(library))
  }
