import type { RequestHandler } from 'express'
import { sendJson } from '../http/send.ts'

/** GET /healthz: the process answers. */
export const healthz = (): RequestHandler => (_req, res) => sendJson(res, 200, { status: 'ok' })
