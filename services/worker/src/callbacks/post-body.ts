import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Target } from './check-target.ts'

export type Post = {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
  /** Ends the whole exchange. */
  readonly signal: AbortSignal
}

export type Answer = {
  readonly status: number
  /** The beginning of what was said, for the administrator. */
  readonly excerpt: string
}

/** Of an answer nothing is needed but its status: the rest is read for politeness, up to here. */
const ANSWER_BYTES_MAX = 64 * 1024
const EXCERPT_BYTES = 200

/**
 * One POST to a checked target: over a connection of its own, to the checked addresses only, without following
 * redirects. Resolves as soon as a status was seen and the answer has ended, broken off or grown too long;
 * rejects where no status came.
 */
export const postBody = ({ url, addresses }: Target, { body, headers, signal }: Post): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest
    const request = send(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(body.length) },
      // No pool: a connection of another target must never be taken for this one's.
      agent: false,
      lookup: pinnedTo(addresses),
      signal,
    })
    let answered = false
    request.on('response', (response) => {
      answered = true
      void readAnswer(response).then(resolve)
    })
    const fail = (error: Error): void => {
      if (!answered) reject(error)
    }
    request.on('error', fail)
    request.on('close', () => fail(new Error('The connection was closed without an answer.')))
    request.end(body)
  })

/** Answers what was checked, whatever the resolver would say by now. */
const pinnedTo =
  (addresses: Target['addresses']): LookupFunction =>
  (host, { all }, answer) => {
    const [first] = addresses
    if (first === undefined) answer(new Error(`${host} has no address.`), '', 4)
    else if (all === true) answer(null, [...addresses])
    else answer(null, first.address, first.family)
  }

const readAnswer = (response: IncomingMessage): Promise<Answer> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      if (size < EXCERPT_BYTES) chunks.push(chunk.subarray(0, EXCERPT_BYTES - size))
      size += chunk.length
      if (size > ANSWER_BYTES_MAX) response.destroy()
    })
    // Broken off after its status: that status was seen and counts.
    response.on('error', () => undefined)
    response.on('close', () =>
      resolve({ status: response.statusCode ?? 0, excerpt: Buffer.concat(chunks).toString('utf8') }),
    )
  })
