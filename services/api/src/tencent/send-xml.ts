import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { send, sendRefusal } from '../http/send.ts'
import { isClientDisconnect } from '../http/send-stream.ts'
import { watchForStall } from '../http/stall-guard.ts'

/** The parts of a body, generated as it is sent. */
export type XmlParts = AsyncGenerator<string, void>

/** A body up to this length is sent at once, with its Content-Length. */
const WHOLE_LENGTH = 64 * 1024

const CONTENT_TYPE = 'application/xml'

/** Sends a response of the compatible API. An empty body has Content-Length 0. */
export function sendXml(res: Response, body: string): void {
  send(res, { status: 200, contentType: CONTENT_TYPE, body })
}

/**
 * Sends a body that may be long, no faster than its client reads. A short one is sent at once with its length. Before
 * the first byte of a long one `limitInFlight` is called; it throws, or returns a function to call after the last byte.
 */
export async function sendXmlParts(
  res: Response,
  parts: XmlParts,
  limitInFlight: () => () => void,
): Promise<void> {
  let begin = ''
  for (let next = await parts.next(); !next.done; next = await parts.next()) {
    begin += next.value
    if (begin.length > WHOLE_LENGTH) {
      const release = limitInFlight()
      return sendLong(res, { begin, parts, release })
    }
  }
  sendXml(res, begin)
}

type LongBody = { readonly begin: string; readonly parts: XmlParts; readonly release: () => void }

async function sendLong(res: Response, { begin, parts, release }: LongBody): Promise<void> {
  const stopWatching = watchForStall(res.req.socket, () => res.destroy())
  try {
    res.statusCode = 200
    res.setHeader('Content-Type', CONTENT_TYPE)
    if (res.req.method === 'HEAD') return void res.end()
    await pipeline(Readable.from(joined(begin, parts), { highWaterMark: 1 }), res)
  } catch (error) {
    if (!isClientDisconnect(error)) throw error
  } finally {
    stopWatching()
    release()
    await parts.return()
  }
}

async function* joined(begin: string, parts: XmlParts): XmlParts {
  yield begin
  yield* parts
}

export function refuseXml(res: Response, status: number, body: string): Promise<void> {
  return sendRefusal(res, { status, contentType: CONTENT_TYPE, body })
}
