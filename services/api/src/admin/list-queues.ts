import { pageQuerySchema, parseAdmin } from '@kinoprint/contract'
import { listQueues as readQueues } from '@kinoprint/store'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'
import { queryOf } from './query-of.ts'
import { queueBody } from './queue-body.ts'

/** GET /admin/queues */
export const listQueues =
  ({ db }: ApiContext): RequestHandler =>
  async (req, res) => {
    const page = await readQueues(db, parseAdmin(pageQuerySchema, queryOf(req)))
    sendJson(res, 200, { ...page, items: page.items.map(queueBody) })
  }
