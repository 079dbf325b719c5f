import type { Response } from 'express'
import { send } from '../http/send.ts'

/** An answer of the compatible API. An empty body keeps its Content-Length of 0. */
export const sendXml = (res: Response, body: string, status = 200): void =>
  send(res, { status, contentType: 'application/xml', body })
