import type { RequestHandler } from 'express'
import { send } from '../http/send.ts'

/** GET /openapi.json: written once, sent as it is. */
export const openapi = (document: object): RequestHandler => {
  const body = Buffer.from(JSON.stringify(document))
  return (_req, res) => send(res, { status: 200, contentType: 'application/json; charset=utf-8', body })
}
