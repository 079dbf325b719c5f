import { oneAtATime } from '@kinoprint/runtime'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { send } from '../http/send.ts'

/** GET /metrics: Prometheus text. It asks the queue, so that those who ask at once share an answer. */
export const metrics = (context: ApiContext): RequestHandler => {
  const render = oneAtATime(() => context.metrics.render())
  return async (_req, res) => {
    send(res, { status: 200, ...(await render()) })
  }
}
