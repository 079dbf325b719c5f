import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { send, sendRefusal } from '../http/send.ts'
import { isClientDisconnect } from '../http/send-stream.ts'
import { watchForStall } from '../http/stall-guard.ts'

/** The parts of a body, made while it is sent. */
export type XmlParts = AsyncGenerator<string, void>

/** Up to here a body is sent at once, with its length. */
const WHOLE_LENGTH = 64 * 1024

const CONTENT_TYPE = 'application/xml'

/** An answer of the compatible API. An empty body keeps its Content-Length of 0. */
export function sendXml(res: Response, body: string): void {
  send(res, { status: 200, contentType: CONTENT_TYPE, body })
}

/**
 * Sends a body that may be large, no faster than its client reads. A short one goes out at once with its length. `admit`
 * is called before the first byte of a long one; it returns what is called after the last, or throws.
 */
export async function sendXmlParts(res: Response, parts: XmlParts, admit: () => () => void): Promise<void> {
  let begin = ''
  for (let next = await parts.next(); !next.done; next = await parts.next()) {
    begin += next.value
    if (begin.length > WHOLE_LENGTH) return sendLong(res, { begin, parts, admit })
  }
  sendXml(res, begin)
}

type Long = { readonly begin: string; readonly parts: XmlParts; readonly admit: () => () => void }

async function sendLong(res: Response, { begin, parts, admit }: Long): Promise<void> {
  const release = admit()
  const endWatch = watchForStall(res.req.socket, () => res.destroy())
  try {
    res.statusCode = 200
    res.setHeader('Content-Type', CONTENT_TYPE)
    if (res.req.method === 'HEAD') return void res.end()
    await pipeline(Readable.from(joined(begin, parts), { highWaterMark: 1 }), res)
  } catch (error) {
    if (!isClientDisconnect(error)) throw error
  } finally {
    endWatch()
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
