import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { watchForStall } from './stall-guard.ts'

export type StreamAnswer = {
  readonly status?: number
  readonly contentType: string
  readonly sizeBytes: number
  /** Not called for HEAD. */
  readonly open: () => Promise<Readable>
}

/** Sends a stream of known size. An early disconnect by the client is not an error. */
export async function sendStream(
  req: Request,
  res: Response,
  { status = 200, contentType, sizeBytes, open }: StreamAnswer,
): Promise<void> {
  const stream = req.method === 'HEAD' ? null : await open()
  res.statusCode = status
  res.setHeader('Content-Type', contentType)
  res.setHeader('Content-Length', sizeBytes)
  if (stream === null) {
    res.end()
    return
  }
  const stopWatching = watchForStall(req.socket, () => res.destroy())
  try {
    await pipeline(stream, res)
  } catch (error) {
    if (!isClientDisconnect(error)) throw error
  } finally {
    stopWatching()
  }
}

/** Whether an error means that the client disconnected before the end of the response. */
export function isClientDisconnect(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE', 'ERR_STREAM_UNABLE_TO_PIPE'].includes(
      String(error.code),
    )
  )
}
