import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Target } from './check-target.ts'

export type Post = {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
  /** Aborts the whole exchange. */
  readonly signal: AbortSignal
}

export type Response = {
  readonly status: number
  /** The beginning of the body, shown to the administrator. */
  readonly excerpt: string
}

/** Only the status matters, so the body is read up to this size. */
const MAX_RESPONSE_BYTES = 64 * 1024
const EXCERPT_BYTES = 200

/**
 * Sends one POST request to a checked target: on a new connection, only to the checked addresses, without following
 * redirects. Resolves when a status has arrived and the response has ended, was cut off or exceeds the limit.
 * Rejects if no status arrives.
 */
export function postBody({ url, addresses }: Target, { body, headers, signal }: Post): Promise<Response> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const request = send(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(body.length) },
      // No pool, because a pooled connection may belong to another target.
      agent: false,
      lookup: lookupOf(addresses),
      signal,
    })
    let hasStatus = false
    request.on('response', (response) => {
      hasStatus = true
      void readResponse(response).then(resolve)
    })
    const fail = (error: Error): void => {
      if (!hasStatus) reject(error)
    }
    request.on('error', fail)
    request.on('close', () => fail(new Error('The receiver closed the connection without a response.')))
    request.end(body)
  })
}

/** Resolves a name to its checked addresses, without another lookup. */
export function lookupOf(addresses: Target['addresses']): LookupFunction {
  return (host, { all }, callback) => {
    const [first] = addresses
    if (first === undefined) callback(new Error(`${host} has no address.`), '', 4)
    else if (all === true) callback(null, [...addresses])
    else callback(null, first.address, first.family)
  }
}

function readResponse(response: IncomingMessage): Promise<Response> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      if (size < EXCERPT_BYTES) chunks.push(chunk.subarray(0, EXCERPT_BYTES - size))
      size += chunk.length
      if (size > MAX_RESPONSE_BYTES) response.destroy()
    })
    // The status counts even if the body is cut off.
    response.on('error', () => undefined)
    response.on('close', () =>
      resolve({ status: response.statusCode ?? 0, excerpt: Buffer.concat(chunks).toString('utf8') }),
    )
  })
}
