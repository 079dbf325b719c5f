import type { ReadinessBody } from '@kinoprint/contract'
import { checkReadiness, partChecks, singleFlight } from '@kinoprint/runtime'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { send, sendJson } from '../http/send.ts'

/** GET /healthz: 200 as long as the process runs. */
export function healthz(): RequestHandler {
  return (_req, res) => sendJson(res, 200, { status: 'ok' })
}

/** GET /readyz: 200 if all parts work, 503 with the failing ones otherwise. */
export function readyz(context: ApiContext): RequestHandler {
  // Public and expensive, so concurrent requests share a response.
  const check = singleFlight(() => readinessOf(context))
  return async (_req, res) => {
    const body = await check()
    sendJson(res, body.status === 'ready' ? 200 : 503, body)
  }
}

async function readinessOf({
  db,
  queue,
  objects,
  readiness,
  warnings = async () => [],
}: ApiContext): Promise<ReadinessBody> {
  const [{ ready, failing }, warningList] = await Promise.all([
    checkReadiness({
      ...partChecks({ db, queue, objects }),
      ...readiness,
    }),
    warnings(),
  ])
  return { status: ready ? 'ready' : 'unavailable', failing: [...failing], warnings: [...warningList] }
}

/** GET /metrics: Prometheus text. Concurrent requests share a response, because it queries the queue. */
export function metrics(context: ApiContext): RequestHandler {
  const render = singleFlight(() => context.metrics.render())
  return async (_req, res) => {
    send(res, { status: 200, ...(await render()) })
  }
}
