import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { Fault } from '@kinoprint/core'
import type { Request } from 'express'
import { receiveBody } from './receive-body.ts'

/** Form fields beside the file are read and ignored, within these limits. */
const LIMITS = { files: 1, fields: 20, parts: 21, headerPairs: 50, fieldSize: 64 * 1024 }

/** A file of a form that is stored as it arrives. */
type ReceivedFile = {
  /** The name of its form field. */
  readonly field: string
  readonly stream: AsyncIterable<Uint8Array>
  /** Aborted if the connection closes before the end, or stalls. */
  readonly signal: AbortSignal
}

/** Whether the body is a form with files. */
export function isForm(req: Request): boolean {
  return /^multipart\/form-data\b/i.test(req.headers['content-type'] ?? '')
}

type ReceiveOptions<T> = {
  /** Ends the transfer. */
  readonly signal: AbortSignal
  /** Reads the file to its end. */
  readonly store: (file: ReceivedFile) => Promise<T>
}

/**
 * Passes the file of a multipart/form-data body to `store`.
 *
 * @throws Fault InvalidContent unless the body is such a form with one file, and for a body that breaks off; what `store`
 * throws; the reason of `signal` when it is aborted.
 */
export function receiveFile<T>(req: Request, { signal, store }: ReceiveOptions<T>): Promise<T> {
  return receiveBody(req, async ({ signal: broken }) => {
    const failed = new AbortController()
    const limited = AbortSignal.any([signal, broken, failed.signal])
    const stop = (reason: unknown) => failed.abort(reason)
    const unreadable = (cause: unknown) => stop(wrong('The form could not be read. Send it again.', cause))
    const form = parserOf(req)
    let stored: Promise<T> | undefined
    // The parser emits the error of a form that ends early on both.
    form.on('error', unreadable)
    form.on('file', (field: string, stream: BusboyFileStream) => {
      stream.on('error', unreadable)
      limited.addEventListener('abort', () => stream.destroy(limited.reason))
      stored = store({ field, stream, signal: limited })
      stored.catch(stop)
    })
    form.on('filesLimit', () => stop(wrong('Only one file is allowed per request.')))
    try {
      await parsed(req, form, limited)
    } catch {
      // A store that fails ends the form too, and knows the reason.
      const reason = await stored?.then(() => undefined).catch((thrown: unknown) => thrown)
      throw reason instanceof Fault ? reason : limited.reason
    }
    if (stored === undefined) throw wrong('The form has no file. Send one as multipart/form-data.')
    return stored
  })
}

/** Ends when all of the form is parsed. When `signal` is aborted, leaves the rest of the request unread. */
function parsed(req: Request, form: BusboyInstance, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      req.unpipe(form)
      reject(signal.reason)
    }
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort)
    form.on('finish', resolve)
    req.pipe(form)
  })
}

function parserOf({ headers }: Request): BusboyInstance {
  const { 'content-type': type = '' } = headers
  try {
    return new Busboy({ headers: { 'content-type': type }, limits: LIMITS })
  } catch (cause) {
    throw wrong('The body is no multipart/form-data with a boundary.', cause)
  }
}

function wrong(message: string, cause?: unknown): Fault {
  return new Fault('InvalidContent', message, cause === undefined ? {} : { cause })
}
