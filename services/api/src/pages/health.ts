import type { ReadinessBody } from '@kinoprint/contract'
import { checkReadiness, oneAtATime } from '@kinoprint/runtime'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { send, sendJson } from '../http/send.ts'

/** GET /healthz: the process answers. */
export function healthz(): RequestHandler {
  return (_req, res) => sendJson(res, 200, { status: 'ok' })
}

/** GET /readyz: 200 when everything can be served, else 503 with the failing parts named. */
export function readyz(context: ApiContext): RequestHandler {
  // It asks every part, and anybody may ask for it: those who ask at once share an answer.
  const look = oneAtATime(() => lookAt(context))
  return async (_req, res) => {
    const body = await look()
    sendJson(res, body.status === 'ready' ? 200 : 503, body)
  }
}

async function lookAt({
  db,
  queue,
  objects,
  readiness,
  warnings = async () => [],
}: ApiContext): Promise<ReadinessBody> {
  const [{ ready, failing }, said] = await Promise.all([
    checkReadiness({
      database: () => db.pool.query('select 1'),
      queue: () => queue.ping(),
      objects: () => objects.check(),
      ...readiness,
    }),
    warnings(),
  ])
  return { status: ready ? 'ready' : 'unavailable', failing: [...failing], warnings: [...said] }
}

/** GET /metrics: Prometheus text. It asks the queue, so that those who ask at once share an answer. */
export function metrics(context: ApiContext): RequestHandler {
  const render = oneAtATime(() => context.metrics.render())
  return async (_req, res) => {
    send(res, { status: 200, ...(await render()) })
  }
}
