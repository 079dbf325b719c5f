import { createWriteStream } from 'node:fs'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { readXml, signRequest } from '@kinoprint/contract'
import { errorText, Fault } from '@kinoprint/core'

/** A bucket with its AppId, such as `films-1250000000`, and its region. */
export type CloudBucket = { readonly bucket: string; readonly region: string }

export type XmlElement = ReturnType<typeof readXml>

/** Read access to an account of Tencent Cloud, signed with its key. */
export type Cloud = {
  /** The root element of a response of CI. */
  readXml(at: CloudBucket, target: string, signal: AbortSignal): Promise<XmlElement>
  /** Writes an object of COS to a new local file. */
  download(at: CloudBucket, object: string, to: { path: string; signal: AbortSignal }): Promise<void>
}

export type CloudOptions = {
  readonly secretId: string
  readonly secretKey: string
  /** Where to connect instead of the public addresses, whose host names are still sent and signed; null for none. */
  readonly endpoint: string | null
  readonly requestsPerSecond: number
  /** Overridden by tests. */
  readonly retryPauseMs?: number
}

type Get = {
  readonly host: string
  readonly target: string
  readonly signal: AbortSignal
}

/** SDKs of the cloud make four attempts. */
const ATTEMPTS = 4
const RETRY_PAUSE_MS = 1_000
/** A connection without a byte for this long counts as broken. */
const STALL_MS = 60_000
/** The clocks of both sides differ. */
const SIGNED_BACK_SECONDS = 60
const SIGNED_FOR_SECONDS = 900
const MAX_XML_BYTES = 16 * 1024 * 1024

/**
 * Opens an account. Requests are spaced evenly, and repeated after a status of 429 or 5xx and broken connections.
 *
 * @throws Each call: Fault AccessDenied for a key that may not do it, ResourceNotFound for an absent object,
 * ResourceDownloadFailed, ServiceUnavailable.
 */
export function openCloud(options: CloudOptions): Cloud {
  const pace = createPace(options.requestsPerSecond)
  const { retryPauseMs = RETRY_PAUSE_MS } = options

  async function withRetries<T>(get: Get, read: (response: IncomingMessage) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      await pace(get.signal)
      try {
        const response = await send(options, get)
        if (response.statusCode === 200) return await read(response)
        throw refusalOf(get, response.statusCode ?? 0, await buffer(response))
      } catch (error) {
        get.signal.throwIfAborted()
        const fault = error instanceof Fault ? error : brokenConnection(get.host, error)
        if (!fault.retryable || attempt === ATTEMPTS) throw fault
        await delay(retryPauseMs * 2 ** (attempt - 1), undefined, { signal: get.signal })
      }
    }
  }

  return {
    readXml: ({ bucket, region }, target, signal) => {
      const host = `${bucket}.ci.${region}.myqcloud.com`
      return withRetries({ host, target, signal }, async (response) => parseXml(host, await buffer(response)))
    },
    download: ({ bucket, region }, object, { path, signal }) => {
      const target = `/${object.split('/').map(encodeURIComponent).join('/')}`
      return withRetries(
        { host: `${bucket}.cos.${region}.myqcloud.com`, target, signal },
        async (response) => {
          const expected = Number(response.headers['content-length'] ?? Number.NaN)
          const file = createWriteStream(path)
          await pipeline(response, file, { signal })
          if (Number.isFinite(expected) && file.bytesWritten !== expected)
            throw new Fault('ResourceDownloadFailed', `The download of ${object} broke off.`)
        },
      )
    },
  }
}

function parseXml(host: string, bytes: Uint8Array): XmlElement {
  try {
    return readXml(bytes, { maxBytes: MAX_XML_BYTES })
  } catch (cause) {
    throw new Fault(
      'InvalidContent',
      `${host} sent no XML. Check TENCENT_ENDPOINT, and whether a proxy answers instead.`,
      { cause },
    )
  }
}

/** Waits until the next request may be sent. */
function createPace(requestsPerSecond: number): (signal: AbortSignal) => Promise<void> {
  let nextMs = 0
  return async (signal) => {
    const now = performance.now()
    const atMs = Math.max(now, nextMs)
    nextMs = atMs + 1000 / requestsPerSecond
    if (atMs > now) await delay(atMs - now, undefined, { signal })
    signal.throwIfAborted()
  }
}

function send(
  { secretId, secretKey, endpoint }: CloudOptions,
  { host, target, signal }: Get,
): Promise<IncomingMessage> {
  const { protocol, hostname, port } = new URL(endpoint ?? `https://${host}`)
  const now = Math.floor(Date.now() / 1000)
  const authorization = signRequest({
    ...{ method: 'GET', target, secretId, secretKey },
    headers: [['host', host]],
    startSeconds: now - SIGNED_BACK_SECONDS,
    endSeconds: now + SIGNED_FOR_SECONDS,
  })
  return new Promise((resolve, reject) => {
    const request = protocol === 'http:' ? httpRequest : httpsRequest
    const sent = request({
      ...{ hostname, port, path: target, signal, servername: host },
      headers: { host, authorization, 'user-agent': 'Kinoprint' },
    })
    sent.setTimeout(STALL_MS, () => sent.destroy(new Error(`no data for ${STALL_MS / 1000} s`)))
    sent.on('response', resolve)
    sent.on('error', reject)
    sent.end()
  })
}

function brokenConnection(host: string, cause: unknown): Fault {
  return new Fault('ResourceDownloadFailed', `Could not read from ${host}: ${errorText(cause)}.`, { cause })
}

/** What a status of the cloud means for the user. */
function refusalOf({ host, target }: Get, status: number, body: Uint8Array): Fault {
  const { code, message } = errorOf(body)
  const said = `${status}${code === '' ? '' : ` ${code}`}${message === '' ? '' : `: ${message}`}`
  if (status === 429 || status >= 500)
    return new Fault('ResourceDownloadFailed', `${host} is unavailable (${said}). Try again later.`)
  if (status === 401 || status === 403)
    return new Fault(
      'AccessDenied',
      `Tencent Cloud refused the key (${said}). It needs ci:DescribeMediaDnaDbs, ci:DescribeMediaDnaDbFiles and cos:GetObject.`,
    )
  const name = decodeURIComponent(target.split('?')[0] ?? '')
  if (status === 404 && host.includes('.cos.'))
    return new Fault('ResourceNotFound', `The bucket has no object ${name.slice(1)} any more.`)
  return new Fault('InvalidArgument', `${host} answered ${name} with ${said}.`)
}

function errorOf(body: Uint8Array): { readonly code: string; readonly message: string } {
  try {
    const { children } = readXml(body)
    const textOf = (name: string) => children.find((child) => child.name === name)?.text.trim() ?? ''
    return { code: textOf('Code'), message: textOf('Message') }
  } catch {
    return { code: '', message: '' }
  }
}
