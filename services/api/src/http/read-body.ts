import type { IncomingMessage } from 'node:http'
import { Fault } from '@kinoprint/core'

/** Longest wait for a small body: a client that sends a byte now and then must not hold its place for good. */
const BODY_TIMEOUT_MS = 30_000

/** The whole body of a request, at most `maxBytes`. Fault ContentTooLarge as soon as it is longer. */
export async function readBody(req: IncomingMessage, { maxBytes }: { maxBytes: number }): Promise<Buffer> {
  const announced = Number(req.headers['content-length'] ?? 0)
  if (announced > maxBytes) throw tooLarge(maxBytes)
  const timer = setTimeout(
    () => req.destroy(new Fault('InvalidContent', 'The body did not arrive in time.')),
    BODY_TIMEOUT_MS,
  )
  let body: Buffer | null
  try {
    body = await collect(req, maxBytes)
  } catch (cause) {
    throw new Fault('InvalidContent', 'The connection broke before the body was complete.', { cause })
  } finally {
    clearTimeout(timer)
  }
  if (body === null) throw tooLarge(maxBytes)
  return body
}

/** The whole body, or null as soon as it is longer. By events, since iterating over a small one costs more than its answer. */
function collect(req: IncomingMessage, maxBytes: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const stop = () => {
      req.off('data', take).off('end', end).off('close', broken).off('error', broken)
    }
    const take = (chunk: Buffer) => {
      size += chunk.length
      chunks.push(chunk)
      if (size <= maxBytes) return
      stop()
      req.pause()
      resolve(null)
    }
    const end = () => {
      stop()
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
    }
    const broken = (error?: Error) => {
      stop()
      reject(error ?? new Error('The connection was closed.'))
    }
    // Nothing is said any more of one that has broken already.
    if (req.destroyed) broken(req.errored ?? undefined)
    else req.on('data', take).on('end', end).on('close', broken).on('error', broken)
  })
}

function tooLarge(maxBytes: number): Fault {
  return new Fault('ContentTooLarge', `The body is larger than the ${maxBytes} bytes that are accepted here.`)
}
