import { pageQuerySchema, parseAdmin } from '@kinoprint/contract'
import { listLibraries as readLibraries } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { libraryBody } from './library-body.ts'
import { queryOf } from './query-of.ts'

/** GET /admin/libraries */
export const listLibraries =
  ({ db }: ApiContext): RequestHandler =>
  async (req, res) => {
    const page = await readLibraries(db, parseAdmin(pageQuerySchema, queryOf(req)))
    sendJson(res, 200, { ...page, items: page.items.map(libraryBody) })
  }
