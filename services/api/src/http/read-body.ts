import type { IncomingMessage } from 'node:http'
import { Fault } from '@kinoprint/contract'
import { drainRequest } from './drain-request.ts'

/** Longest wait for a small body: a client that sends a byte now and then does not hold a place for ever. */
const BODY_TIMEOUT_MS = 30_000

/**
 * The whole body of a request, at most `maxBytes`. A longer one is read to its end and thrown away before the
 * fault is raised: answering while the client still sends would reset its connection instead of telling it why.
 */
export const readBody = async (req: IncomingMessage, { maxBytes }: { maxBytes: number }): Promise<Buffer> => {
  const announced = Number(req.headers['content-length'] ?? 0)
  if (announced > maxBytes) throw await tooLarge(req, maxBytes)
  const chunks: Buffer[] = []
  let size = 0
  const timer = setTimeout(
    () => req.destroy(new Fault('InvalidContent', 'The body did not arrive in time.')),
    BODY_TIMEOUT_MS,
  )
  try {
    for await (const chunk of req.iterator({ destroyOnReturn: false })) {
      size += chunk.length
      if (size > maxBytes) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw new Fault('InvalidContent', 'The connection broke before the body was complete.', { cause })
  } finally {
    clearTimeout(timer)
  }
  if (size > maxBytes) throw await tooLarge(req, maxBytes)
  return Buffer.concat(chunks)
}

const tooLarge = async (req: IncomingMessage, maxBytes: number): Promise<Fault> => {
  await drainRequest(req)
  return new Fault('ContentTooLarge', `The body is larger than the ${maxBytes} bytes that are accepted here.`)
}
