import type { IncomingMessage } from 'node:http'

/** What is read and thrown away of a body that is not wanted: closing while its sender writes would lose the answer. */
const DRAIN_BYTES = 64 * 1024 * 1024
const DRAIN_TIMEOUT_MS = 10_000

/** Reads what is left of a request; false when that was too much or took too long (close the connection then). */
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

/** Closes the connection of a request that was answered before it had come in whole, unless the rest comes soon. */
export async function drainOrClose(req: IncomingMessage): Promise<void> {
  if (!req.complete && !(await drainRequest(req))) req.socket.destroy()
}
