import { connect } from 'node:net'
import { authorizationOf, encode, type KeyPair, type Pair } from './sign.ts'

export type RawRequest = {
  readonly method: string
  /** As sent on the wire. */
  readonly target: string
  readonly headers: readonly Pair[]
  readonly body?: string | Uint8Array | undefined
}

export type RawAnswer = {
  readonly status: number
  /** With names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** All bytes after the head. */
  readonly body: Buffer
  readonly text: string
}

/** Time limit for a hanging request. */
const ANSWER_LIMIT_MS = 250_000

/** Sends exactly these bytes over a plain socket and returns all bytes of the response. */
export function exchange(
  url: string,
  { method, target, headers, body = '' }: RawRequest,
): Promise<RawAnswer> {
  const head = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)]
  const bytes = Buffer.concat([
    Buffer.from(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n`, 'latin1'),
    Buffer.from(body as string),
  ])
  return sendBytes(url, bytes)
}

/** Sends bytes, which need not be a valid request, and reads to the end of the connection. */
export function sendBytes(url: string, bytes: Uint8Array): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    const chunks: Buffer[] = []
    socket.setTimeout(ANSWER_LIMIT_MS, () => socket.destroy(new Error('No response arrived in time.')))
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      try {
        resolve(parseAnswer(Buffer.concat(chunks)))
      } catch (error) {
        reject(error)
      }
    })
  })
}

const INTERIM = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n')

function parseAnswer(received: Buffer): RawAnswer {
  const interim = received.subarray(0, INTERIM.length).equals(INTERIM)
  const bytes = interim ? received.subarray(INTERIM.length) : received
  const end = bytes.indexOf('\r\n\r\n')
  const [first = '', ...lines] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n')
  const status = /^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]
  if (end < 0 || status === undefined)
    throw new Error(`This is not an HTTP response: ${bytes.toString('latin1')}`)
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    if (headers.has(name)) throw new Error(`The header ${name} occurs twice.`)
    headers.set(name, line.slice(colon + 1).trim())
  }
  const body = bytes.subarray(end + 4)
  return { status: Number(status), headers, body, text: body.toString('utf8') }
}

export type SignedRequest = {
  readonly method: string
  readonly path: string
  readonly query?: readonly Pair[]
  /** Sent and signed in addition to Host. */
  readonly headers?: readonly Pair[]
  readonly host?: string
  readonly body?: string | Uint8Array | undefined
  readonly backSeconds?: number
}

/** A request as documented: host, length and the whole query are signed. */
export function signedRequest(
  url: string,
  key: KeyPair,
  { method, path, query = [], headers = [], host = new URL(url).host, body, ...times }: SignedRequest,
): RawRequest {
  const length: readonly Pair[] =
    body === undefined ? [] : [['Content-Length', String(Buffer.byteLength(body as string))]]
  const signed: readonly Pair[] = [['Host', host], ...length, ...headers]
  const authorization = authorizationOf({
    method,
    path: decodeURIComponent(path),
    params: query,
    headers: signed,
    key,
    ...times,
  })
  const search = searchOf(query)
  return {
    method,
    target: search === '' ? path : `${path}?${search}`,
    headers: [...signed, ['Authorization', authorization]],
    body,
  }
}

export function sendSigned(url: string, key: KeyPair, request: SignedRequest): Promise<RawAnswer> {
  return exchange(url, signedRequest(url, key, request))
}

/** A query string, encoded as signatures need it. */
export function searchOf(query: readonly Pair[]): string {
  return query.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
}

/** The texts of all elements of that name in a response. */
export function textsOf(answer: RawAnswer, name: string): string[] {
  return [...answer.text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(
    (match) => match[1] ?? '',
  )
}

/** The text of the first element of that name in a response; empty without one. */
export function textOf(answer: RawAnswer, name: string): string {
  return textsOf(answer, name)[0] ?? ''
}
