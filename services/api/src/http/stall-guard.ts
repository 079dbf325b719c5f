import type { Socket } from 'node:net'

/** A client that neither sends nor receives a byte in this time has stalled. */
const STALL_MS = 60_000

/**
 * Calls `onStall` once when no byte has moved for one to two minutes. Returns a function that stops watching.
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
