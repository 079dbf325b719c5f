import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { findLibrary } from './find-library.ts'
import { libraryBody } from './library-body.ts'

/** GET /admin/libraries/:dnaDbId */
export const getLibrary =
  (context: ApiContext): RequestHandler =>
  async (req, res) => {
    sendJson(res, 200, libraryBody(await findLibrary(context, req)))
  }
