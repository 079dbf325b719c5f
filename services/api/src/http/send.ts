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

/** Sends a complete response with its length. Express's own `send` would add an ETag and send 304 to some requests. */
export function send(res: Response, answer: Answer): void {
  writeHead(res, answer)
  // Shorter responses fit into the socket buffer at once.
  if (answer.body.length > WATCHED_LENGTH)
    res.once(
      'close',
      watchForStall(res.req.socket, () => res.destroy()),
    )
  // Text is sent in one packet with the headers.
  res.end(res.req.method === 'HEAD' ? undefined : answer.body)
}

/**
 * Rejects a request. If its body has not arrived completely, the response announces that the connection closes. The rest of
 * the body is discarded first, because closing while the client writes would lose the response.
 */
export async function sendRefusal(res: Response, answer: Answer): Promise<void> {
  const { req } = res
  // The body that arrived with the head is still being parsed.
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

/** Answers 204. */
export function sendNoContent(res: Response): void {
  res.statusCode = 204
  res.end()
}

/** Answers 304: what the client has is current. The caller has set the ETag. */
export function sendNotModified(res: Response): void {
  res.statusCode = 304
  res.end()
}
