import type { Response } from 'express'
import { send, sendRefusal } from '../http/send.ts'

/** An answer of the compatible API. An empty body keeps its Content-Length of 0. */
export const sendXml = (res: Response, body: string): void =>
  send(res, { status: 200, contentType: 'application/xml', body })

export const refuseXml = (res: Response, status: number, body: string): Promise<void> =>
  sendRefusal(res, { status, contentType: 'application/xml', body })
