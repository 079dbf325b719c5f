import type { Response } from 'express'
import { drainRequest } from './drain-request.ts'
import { watchForStall } from './stall-guard.ts'

export type Answer = {
  readonly status: number
  readonly contentType: string
  readonly body: string | Buffer
}

const WATCHED_LENGTH = 16_384

function writeHead(res: Response, { status, contentType, body }: Answer): void {
  res.statusCode = status
  res.setHeader('Content-Type', contentType)
  res.setHeader('Content-Length', Buffer.byteLength(body))
}

/** Sends a complete answer with its length. Express's own send would add an ETag and answer 304 to some. */
export function send(res: Response, answer: Answer): void {
  writeHead(res, answer)
  // Less than this the system takes over at once.
  if (answer.body.length > WATCHED_LENGTH)
    res.once(
      'close',
      watchForStall(res.req.socket, () => res.destroy()),
    )
  // Text goes out in one piece with the headers.
  res.end(res.req.method === 'HEAD' ? undefined : answer.body)
}

/**
 * Answers a request that is refused. Where its body has not come in whole, the answer goes out at once and says that
 * the connection ends; what the client still sends is read before it does, or the client would lose the answer.
 */
export async function sendRefusal(res: Response, answer: Answer): Promise<void> {
  const { req } = res
  // What came with the head is still being read.
  if (!req.complete) {
    req.resume()
    await new Promise((resolve) => setImmediate(resolve))
  }
  if (req.complete || req.destroyed) return send(res, answer)
  res.setHeader('Connection', 'close')
  writeHead(res, answer)
  if (req.method === 'HEAD') res.flushHeaders()
  else res.write(answer.body)
  await drainRequest(req)
  res.end()
}

function asJson(status: number, value: unknown): Answer {
  return {
    status,
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(value),
  }
}

export function sendJson(res: Response, status: number, value: unknown): void {
  send(res, asJson(status, value))
}

export function refuseJson(res: Response, status: number, value: unknown): Promise<void> {
  return sendRefusal(res, asJson(status, value))
}

/** 204: done, and nothing to say. */
export function sendNoContent(res: Response): void {
  res.statusCode = 204
  res.end()
}
