import { readStats } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'

/** GET /admin/stats */
export const getStats =
  ({ db }: ApiContext): RequestHandler =>
  async (_req, res) => {
    sendJson(res, 200, await readStats(db))
  }
