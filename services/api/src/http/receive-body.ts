import { Fault } from '@kinoprint/core'
import type { Request } from 'express'
import { watchForStall } from './stall-guard.ts'

/** A body that is stored as it arrives. */
export type ReceivedBody = {
  readonly stream: AsyncIterable<Uint8Array>
  /** Announced number of bytes. */
  readonly contentLength: number | undefined
  /** Aborted if the connection closes before the end, or stalls. */
  readonly signal: AbortSignal
}

/** Passes the body of a request to `store`, which reads it to its end. */
export async function receiveBody<T>(req: Request, store: (body: ReceivedBody) => Promise<T>): Promise<T> {
  const { 'content-length': length } = req.headers
  const aborted = new AbortController()
  const abort = (message: string) => aborted.abort(new Fault('InvalidContent', message))
  req.on('close', () => {
    if (!req.complete) abort('The connection closed before the body ended. Send it again.')
  })
  const stopWatching = watchForStall(req.socket, () =>
    abort('The upload stalled for a minute. Send it again.'),
  )
  try {
    return await store({
      stream: req.iterator({ destroyOnReturn: false }),
      contentLength: length === undefined ? undefined : Number(length),
      signal: aborted.signal,
    })
  } finally {
    stopWatching()
  }
}
