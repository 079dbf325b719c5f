import { libraryChangesSchema, parseAdmin } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { updateLibrary as updateRow } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { libraryBody } from './library-body.ts'
import { presentFields } from './present-fields.ts'
import { readJsonBody } from './read-json-body.ts'

/** PATCH /admin/libraries/:dnaDbId */
export const updateLibrary =
  ({ db }: ApiContext): RequestHandler =>
  async (req, res) => {
    const dnaDbId = String(req.params.dnaDbId)
    const changes = parseAdmin(libraryChangesSchema, await readJsonBody(req))
    const library = await updateRow(db, dnaDbId, { ...presentFields(changes), nameMustBeUnique: true })
    if (library === null) throw new Fault('NotFound', `There is no library ${dnaDbId}.`)
    sendJson(res, 200, libraryBody(library))
  }
