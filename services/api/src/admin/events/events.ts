import type { Response } from 'express'
import { scopeOf } from '../../http/request-scope.ts'
import type { AdminContext, Answer, ByteRequest } from '../handler.ts'
import type { Subscriber } from './event-hub.ts'

/** Proxies close idle streams; a comment at this interval keeps one open. */
const COMMENT_MS = 15_000
/** A client that reads nothing for this long is disconnected. */
const UNREAD_MS = 60_000
const RECONNECT_MS = 3_000
/** Bytes that wait for a client before events are left out: far more than one poll of a busy installation sends. */
const WAITING_BYTES_MAX = 256 * 1024

/** Sends events until the client, the session or the server ends. */
export async function followEvents(
  { events, stopping }: Pick<AdminContext, 'events' | 'stopping'>,
  { query: { topics }, req, res }: ByteRequest<'followEvents'>,
): Answer<'followEvents'> {
  const stream = openStream(res)
  const subscriber: Subscriber = {
    sessionId: scopeOf(req).session?.sessionId ?? null,
    send: (event) => {
      if (topics.includes(event.topic)) stream.send(event)
    },
    reset: (lastId) => stream.send({ id: lastId, name: 'reset', data: {} }),
    end: () => stream.end('signedOut'),
  }
  const stop = () => stream.end('stopping')
  stopping?.addEventListener('abort', stop)
  try {
    res.write(`retry: ${RECONNECT_MS}\n\n`)
    events.add(subscriber, req.get('last-event-id') ?? null)
    await stream.ended
  } finally {
    stopping?.removeEventListener('abort', stop)
    events.remove(subscriber)
    res.end()
  }
}

type Sent = { readonly id: string; readonly name: string; readonly data: object }

/**
 * A stream of server-sent events. While its client does not read, events are left out, and `reset` follows as soon as it
 * reads again.
 */
function openStream(res: Response) {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  })
  let leftOut: string | null = null
  let sentAtMs = performance.now()
  const write = ({ id, name, data }: Sent): void => {
    sentAtMs = performance.now()
    res.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`)
  }
  const heartbeat = setInterval(() => {
    if (!res.writableNeedDrain && !res.writableEnded) res.write(': still here\n\n')
    else if (performance.now() - sentAtMs > UNREAD_MS) res.destroy()
  }, COMMENT_MS)
  res.on('drain', () => {
    if (leftOut === null) return
    write({ id: leftOut, name: 'reset', data: {} })
    leftOut = null
  })
  const ended = new Promise<void>((resolve) => {
    res.once('close', () => {
      clearInterval(heartbeat)
      resolve()
    })
  })
  return {
    ended,
    send: (event: Sent) => {
      if (res.writableEnded) return
      if (leftOut !== null || res.writableLength > WAITING_BYTES_MAX) leftOut = event.id
      else write(event)
    },
    end: (reason: 'signedOut' | 'stopping') => {
      if (!res.writableEnded) res.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`)
    },
  }
}
