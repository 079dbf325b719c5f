import type { Socket } from 'node:net'

/** A client that neither sends nor takes a byte for this long has stalled. */
const STALL_MS = 60_000

/**
 * Calls `onStall` once when no byte has come or gone for a minute or two; returns what ends the watch.
 *
 * @example const endWatch = watchForStall(req.socket, () => abort.abort(fault))
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
