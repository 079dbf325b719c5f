import type { ReadinessBody } from '@kinoprint/contract'
import { checkReadiness } from '@kinoprint/runtime'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { sendJson } from '../http/send.ts'

/** GET /readyz: 200 when everything can be served, else 503 with the failing parts named. */
export const readyz =
  ({ db, queue, objects, readiness, warnings = async () => [] }: ApiContext): RequestHandler =>
  async (_req, res) => {
    const asked = warnings()
    const { ready, failing } = await checkReadiness({
      database: () => db.pool.query('select 1'),
      queue: () => queue.ping(),
      objects: () => objects.check(),
      ...readiness,
    })
    const body: ReadinessBody = {
      status: ready ? 'ready' : 'unavailable',
      failing: [...failing],
      warnings: [...(await asked)],
    }
    sendJson(res, ready ? 200 : 503, body)
  }
