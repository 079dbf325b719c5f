import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Fault } from '@kinoprint/core'
import { type CallbackCheck, checkTarget, type Target } from './check-target.ts'
import { lookupOf } from './post-body.ts'
import { rejectOnAbort } from './reject-on-abort.ts'

const REDIRECTS_MAX = 3
const USE = { noun: 'video', setting: 'INPUT_URL_ALLOW' }

export type OpenUrlOptions = Omit<CallbackCheck, 'use'> & { readonly signal: AbortSignal }

/** The bytes behind a URL. */
export type OpenedUrl = {
  readonly stream: AsyncIterable<Uint8Array>
  /** In bytes; undefined if the server does not state it. */
  readonly contentLength: number | undefined
}

/**
 * Opens a URL that a client supplied. Every host on the way is resolved once, and only its allowed addresses are
 * connected to, as for callbacks. Follows up to three redirects.
 *
 * @throws Fault InvalidArgument for an address that is not allowed, ResourceNotFound, ResourceAccessDenied or
 * ResourceDownloadFailed as the server answers; the reason of `signal` when it is aborted. So does reading the stream.
 */
export async function openUrl(url: string, { signal, ...check }: OpenUrlOptions): Promise<OpenedUrl> {
  let next = url
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const target = await rejectOnAbort(checkTarget(next, { ...check, use: USE }), signal).catch(
      failed(signal),
    )
    if (target.kind === 'refused') throw new Fault('InvalidArgument', target.error)
    const response = await get(target, signal).catch(failed(signal))
    const { statusCode: status = 0, headers } = response
    if (status >= 200 && status < 300) return opened(response, signal)
    response.destroy()
    const isRedirect = status >= 300 && status < 400 && headers.location !== undefined
    if (!isRedirect) throw refusedBy(target.url.host, status)
    next = new URL(headers.location ?? '', target.url).href
  }
  throw new Fault(
    'ResourceDownloadFailed',
    `The video address leads to more than ${REDIRECTS_MAX} redirects.`,
  )
}

function get({ url, addresses }: Target, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const headers = { 'user-agent': 'Kinoprint', accept: '*/*', 'accept-encoding': 'identity' }
    // No pool, because a pooled connection may belong to another target.
    send(url, { headers, agent: false, lookup: lookupOf(addresses), signal })
      .on('response', resolve)
      .on('error', reject)
      .end()
  })
}

function opened(response: IncomingMessage, signal: AbortSignal): OpenedUrl {
  const length = response.headers['content-length']
  return {
    stream: bytesOf(response, signal),
    contentLength: length === undefined ? undefined : Number(length),
  }
}

/** A connection that breaks is a failed download, as one that cannot be opened. */
async function* bytesOf(response: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  const failure = failed(signal)
  const chunks = response[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await chunks.next().catch(failure)
      if (done === true) return
      yield value as Uint8Array
    }
  } finally {
    response.destroy()
  }
}

function failed(signal: AbortSignal): (cause: unknown) => never {
  return (cause) => {
    signal.throwIfAborted()
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Fault(
      'ResourceDownloadFailed',
      `The video could not be downloaded: ${why}. Check its address.`,
      { cause },
    )
  }
}

function refusedBy(host: string, status: number): Fault {
  if (status === 404 || status === 410)
    return new Fault('ResourceNotFound', `${host} has no video at this address (status ${status}).`)
  if (status === 401 || status === 403)
    return new Fault('ResourceAccessDenied', `${host} refused to send the video (status ${status}).`)
  return new Fault('ResourceDownloadFailed', `${host} answered the download with status ${status}.`)
}
