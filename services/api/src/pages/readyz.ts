import type { RequestHandler } from 'express'
import type { ApiContext, ReadinessPart } from '../context.ts'
import { sendJson } from '../http/send.ts'

/** A part that is silent for so long is not ready; probes give up at about the same time. */
const ANSWER_MS = 3_000

/** GET /readyz: 200 when everything can be served, else 503 with the failing parts named. */
export const readyz =
  ({ db, queue, objects, readiness }: ApiContext): RequestHandler =>
  async (_req, res) => {
    const parts = await Promise.all([
      look('database', () => db.pool.query('select 1')),
      look('queue', () => queue.ping()),
      look('objects', () => objects.check()),
      ...(readiness ? [inTime(readiness()).catch((error: unknown) => [failing('service', error)])] : []),
    ])
    const failed = parts.flat().filter(({ ok }) => !ok)
    sendJson(res, failed.length === 0 ? 200 : 503, {
      status: failed.length === 0 ? 'ready' : 'unavailable',
      failing: failed.map(({ part, message = 'not ready' }) => ({ part, message })),
    })
  }

const look = async (part: string, check: () => Promise<unknown>): Promise<readonly ReadinessPart[]> => {
  try {
    await inTime(check())
    return [{ part, ok: true }]
  } catch (error) {
    return [failing(part, error)]
  }
}

const failing = (part: string, error: unknown): ReadinessPart => ({
  part,
  ok: false,
  message: error instanceof Error ? error.message : String(error),
})

const inTime = async <T>(work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ANSWER_MS} ms`)), ANSWER_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
