import { deleteLibraryQuerySchema, parseAdmin } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { deleteLibrary as deleteRow } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendNoContent } from '../http/send.ts'
import { dropThumbnails } from './drop-thumbnails.ts'
import { queryOf } from './query-of.ts'

/** DELETE /admin/libraries/:dnaDbId?force= */
export const deleteLibrary =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    const dnaDbId = String(req.params.dnaDbId)
    const { force } = parseAdmin(deleteLibraryQuerySchema, queryOf(req))
    const videoIds = await deleteRow(context.db, dnaDbId, { force })
    if (videoIds === null) throw new Fault('NotFound', `There is no library ${dnaDbId}.`)
    await dropThumbnails(context, videoIds)
    sendNoContent(res)
  }
