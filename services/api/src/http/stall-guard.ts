import type { Socket } from 'node:net'

/** A client that transfers no byte for this long has stalled. */
const STALL_MS = 60_000

/**
 * Calls `onStall` once when no byte has been transferred for one to two minutes. Returns a function that stops watching.
 *
 * @example const stopWatching = watchForStall(req.socket, () => abort.abort(fault))
 */
export function watchForStall(
  socket: Pick<Socket, 'bytesRead' | 'bytesWritten'>,
  onStall: () => void,
): () => void {
  let seen = -1
  const timer = setInterval(() => {
    const moved = socket.bytesRead + socket.bytesWritten
    if (moved === seen) {
      clearInterval(timer)
      onStall()
    }
    seen = moved
  }, STALL_MS)
  timer.unref()
  return () => clearInterval(timer)
}
