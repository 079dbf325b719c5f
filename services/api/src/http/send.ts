import type { Response } from 'express'

export type Answer = {
  readonly status: number
  readonly contentType: string
  readonly body: string | Buffer
}

/** Sends a complete answer with its length. Express's own send would add an ETag and answer 304 to some. */
export const send = (res: Response, { status, contentType, body }: Answer): void => {
  res.statusCode = status
  res.setHeader('Content-Type', contentType)
  res.setHeader('Content-Length', Buffer.byteLength(body))
  // Text goes out in one piece with the headers.
  res.end(res.req.method === 'HEAD' ? undefined : body)
}

export const sendJson = (res: Response, status: number, value: unknown): void =>
  send(res, { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) })

/** 204: done, and nothing to say. */
export const sendNothing = (res: Response): void => {
  res.statusCode = 204
  res.end()
}
