import { deleteLibraryQuerySchema, Fault, parseAdmin } from '@kinoprint/contract'
import { deleteLibrary as deleteRow } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendNothing } from '../http/send.ts'
import { queryOf } from './query-of.ts'

/** DELETE /admin/libraries/:dnaDbId?force= */
export const deleteLibrary =
  ({ db }: ApiContext): RequestHandler =>
  async (req, res) => {
    const dnaDbId = String(req.params.dnaDbId)
    const { force } = parseAdmin(deleteLibraryQuerySchema, queryOf(req))
    if (!(await deleteRow(db, dnaDbId, { force }))) {
      throw new Fault('NotFound', `There is no library ${dnaDbId}.`)
    }
    sendNothing(res)
  }
