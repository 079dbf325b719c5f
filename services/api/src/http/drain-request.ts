import type { IncomingMessage } from 'node:http'

/** Limits for reading and discarding an unwanted body. Closing while the client writes would lose the response. */
const DRAIN_BYTES = 64 * 1024 * 1024
const DRAIN_TIMEOUT_MS = 10_000

/** Discards the rest of a request. Returns false if it is too large or too slow; then the connection must be closed. */
export function drainRequest(req: IncomingMessage): Promise<boolean> {
  if (req.complete || req.destroyed) return Promise.resolve(req.complete)
  return new Promise((resolve) => {
    let size = 0
    const finish = (drained: boolean) => {
      clearTimeout(timer)
      req.off('data', count).off('end', ended).off('close', ended).off('error', ended)
      resolve(drained)
    }
    const count = (chunk: Buffer) => {
      size += chunk.length
      if (size > DRAIN_BYTES) finish(false)
    }
    const ended = () => finish(req.complete)
    const timer = setTimeout(() => finish(false), DRAIN_TIMEOUT_MS)
    req.on('data', count).on('end', ended).on('close', ended).on('error', ended)
    req.resume()
  })
}

/** Discards the rest of a request that got an early response. Closes the connection if the rest does not arrive soon. */
export async function drainOrClose(req: IncomingMessage): Promise<void> {
  if (!req.complete && !(await drainRequest(req))) req.socket.destroy()
}
