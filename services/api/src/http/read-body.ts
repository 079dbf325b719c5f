import type { IncomingMessage } from 'node:http'
import { Fault } from '@kinoprint/core'

/** Time limit for a small body, so that a client that trickles bytes does not hold its slot for hours. */
const BODY_TIMEOUT_MS = 30_000

/**
 * Reads the whole body of a request. Throws Fault ContentTooLarge as soon as it exceeds `maxBytes`, and InvalidContent
 * if the connection closes or `timeoutMs` (30 s) pass before the end.
 */
export async function readBody(
  req: IncomingMessage,
  { maxBytes, timeoutMs = BODY_TIMEOUT_MS }: { maxBytes: number; timeoutMs?: number },
): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const timer = setTimeout(() => req.destroy(new Error('The body did not arrive in time.')), timeoutMs)
  const chunks: Buffer[] = []
  let size = 0
  try {
    // A rejected request stays open, because its client still has to read the response.
    const body: AsyncIterable<Buffer> = req.iterator({ destroyOnReturn: false })
    for await (const chunk of body) {
      size += chunk.length
      if (size > maxBytes) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw new Fault('InvalidContent', 'The connection closed before the body was complete.', { cause })
  } finally {
    clearTimeout(timer)
  }
  if (size > maxBytes) throw tooLarge(maxBytes)
  return Buffer.concat(chunks)
}

function tooLarge(maxBytes: number): Fault {
  return new Fault('ContentTooLarge', `The body exceeds the limit of ${maxBytes} bytes.`)
}
