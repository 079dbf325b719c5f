import { setTimeout as delay } from 'node:timers/promises'
import { Fault, type FaultCode, faultTable, newHashRequestId } from '@kinoprint/core'
import { removeIfPresent } from '@kinoprint/objects'
import {
  createHashRequest,
  decodeFingerprintFile,
  deleteHashRequest,
  encodeExchange,
  getHashRequest,
  recordHashFile,
} from '@kinoprint/store'
import type { Request } from 'express'
import { clientAddress } from '../http/client-address.ts'
import { isForm, receiveFile } from '../http/receive-file.ts'
import { copyFromUrl } from '../objects/copy-from-url.ts'
import { type HmaContext, queryOf } from './hma-context.ts'
import { type SignalType, signalTypes } from './signals.ts'

/** Folder in the default bucket, which API and workers share. */
const FOLDER = '.hashing'
/** For the transfer of the file, the wait for a worker, and decoding. */
export const HASH_TIMEOUT_SECONDS = 60
const POLL_MS = 150
/** Failures of the file behind an address. HMA answers 400 for all of them. */
const OF_THE_FILE: ReadonlySet<FaultCode> = new Set([
  'ResourceNotFound',
  'ResourceAccessDenied',
  'ResourceDownloadFailed',
  'ResourceNotSupported',
])
/** What HMA calls the kinds of files, and how it hashes them. */
const contentTypes: Readonly<Record<string, SignalType>> = { photo: 'pdq', video: 'vpdq' }

/** A hashed file. */
export type HashedFile = {
  readonly video: ReturnType<typeof decodeFingerprintFile>
  /** The wanted signals by type: `pdq` of a picture, `vpdq` of a video. */
  readonly signals: Readonly<Record<string, string>>
}

/** Where a file is put for the worker. */
type Target = { readonly bucket: string; readonly object: string; readonly signal: AbortSignal }
/** Puts the file there, and returns the kind that the client calls it: `photo`, `video`, or undefined. */
type Receive = (target: Target) => Promise<string | undefined>

/** Whether a request has a file to hash, in its body or behind an address. */
export function hasFile(req: Request): boolean {
  return queryOf(req, 'url') !== undefined || isForm(req)
}

/**
 * Receives the file of a form, or downloads that of the parameter `url` under the rules for addresses of inputs, and has
 * a worker hash it. Nothing is kept. Stops when the client goes away.
 *
 * @throws Fault InvalidArgument for a wrong parameter, an address that is not allowed or a file that cannot be read,
 * InvalidContent for a wrong form, ContentTooLarge over MAX_OBJECT_BYTES, ServiceUnavailable after 60 s, SlowDown if too
 * many files are being hashed.
 */
export async function hashFile(context: HmaContext, req: Request): Promise<HashedFile> {
  const receive = isForm(req) ? fromForm(context, req) : fromUrl(context, req)
  const types = typesOf(req)
  const gone = new AbortController()
  const { res } = req
  res?.once('close', () => gone.abort())
  return context.hashing.run(clientAddress(req), async () => {
    const timeout = AbortSignal.timeout(1000 * HASH_TIMEOUT_SECONDS)
    const signals = [gone.signal, timeout, ...(context.stopping ? [context.stopping] : [])]
    const limited = AbortSignal.any(signals)
    try {
      const { video, contentType } = await fingerprintOf(context, receive, limited)
      return { video, signals: signalsOf(video, { contentType, types }) }
    } catch (error) {
      if (timeout.aborted) throw tooSlow(error)
      if (limited.aborted) throw new Fault('Cancelled', 'Hashing was stopped.', { cause: error })
      if (error instanceof Fault && OF_THE_FILE.has(error.code)) throw wrong(error.message, error)
      throw error
    }
  })
}

function fromUrl(context: HmaContext, req: Request): Receive {
  const url = queryOf(req, 'url')
  if (url === undefined)
    throw wrong(req.method === 'GET' ? 'url is required' : 'Missing multipart/form-data file upload')
  const contentType = queryOf(req, 'content_type')
  checkContentType(contentType)
  return async (target) => {
    await copyFromUrl(context, { url, ...target })
    return contentType
  }
}

/** The name of the form field is the kind of the file. */
function fromForm({ objects }: HmaContext, req: Request): Receive {
  return ({ bucket, object, signal }) =>
    receiveFile(req, {
      signal,
      store: async ({ field, stream, ...options }) => {
        checkContentType(field)
        await objects.write(bucket, object, stream, options)
        return field
      },
    })
}

async function fingerprintOf(
  context: HmaContext,
  receive: Receive,
  signal: AbortSignal,
): Promise<{ readonly video: HashedFile['video']; readonly contentType: string | undefined }> {
  const { db, objects, settings } = context
  const requestId = newHashRequestId()
  const location = { bucket: settings.defaultBucket, object: `${FOLDER}/${requestId}` }
  // Recorded before the file arrives, so that a worker removes what this process leaves behind.
  await createHashRequest(db, { requestId, ...location })
  try {
    const contentType = await receive({ ...location, signal })
    await recordHashFile(db, requestId)
    return { video: await hashed(context, requestId, signal), contentType }
  } finally {
    // Stops a worker that reads the file.
    await deleteHashRequest(db, requestId)
    await removeIfPresent(objects, location.bucket, location.object)
  }
}

async function hashed(
  { db }: HmaContext,
  requestId: string,
  signal: AbortSignal,
): Promise<HashedFile['video']> {
  for (;;) {
    const request = await getHashRequest(db, requestId)
    if (request === null) throw new Fault('ServiceUnavailable', 'The request to hash the file expired.')
    const { fingerprint, error } = request
    if (fingerprint !== null) return decodeFingerprintFile(fingerprint)
    if (error !== null) {
      const code = Object.hasOwn(faultTable, error.code) ? (error.code as FaultCode) : 'InternalError'
      throw new Fault(code, error.message)
    }
    await delay(POLL_MS, undefined, { signal })
  }
}

type Wanted = {
  readonly contentType: string | undefined
  readonly types: readonly SignalType[] | undefined
}

function signalsOf(video: HashedFile['video'], { contentType, types }: Wanted): Record<string, string> {
  const isPicture = video.durationSeconds === 0 && !video.hasAudio
  if (video.frameCount === 0) throw wrong('The file has sound but no picture. Only pictures are hashed.')
  const type = isPicture ? 'pdq' : 'vpdq'
  const expected = contentType === undefined ? type : contentTypes[contentType]
  if (expected !== type) throw wrong(`The file is not a ${contentType}.`)
  if (types?.includes(type) === false)
    throw wrong(`signal type '${types[0]}' doesn't exist for this file. It has ${type}.`)
  const vpdq = Buffer.from(encodeExchange(video, 'vpdq')).toString().trim()
  if (type === 'vpdq') return { vpdq }
  const [frame = ''] = JSON.parse(vpdq) as readonly string[]
  return { pdq: frame.split(',')[0] ?? '' }
}

function checkContentType(name: string | undefined): void {
  if (name !== undefined && !Object.hasOwn(contentTypes, name)) throw wrong(`no such content_type: '${name}'`)
}

function typesOf(req: Request): SignalType[] | undefined {
  const names = queryOf(req, 'types')
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return names?.map((name) => {
    const type = signalTypes.find((known) => known === name)
    if (type === undefined) throw wrong(`signal type '${name}' doesn't exist or is disabled`)
    return type
  })
}

function tooSlow(cause: unknown): Fault {
  const message = `The file was not received and hashed within ${HASH_TIMEOUT_SECONDS} s. Try again, or store it with a job.`
  return new Fault('ServiceUnavailable', message, { cause })
}

function wrong(message: string, cause?: unknown): Fault {
  return new Fault('InvalidArgument', message, cause === undefined ? {} : { cause })
}
