import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { send } from '../http/send.ts'

/** GET /metrics: Prometheus text. */
export const metrics =
  (context: ApiContext): RequestHandler =>
  async (_req, res) => {
    send(res, { status: 200, ...(await context.metrics.render()) })
  }
