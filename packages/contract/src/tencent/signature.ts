import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { Fault } from '@kinoprint/core'
import type { Authorization, SignedRequestParts } from './authorization.ts'
import { headerValues, parseTarget } from './request-parts.ts'

/** A name and a value that take part in a signature. */
export type SignedPair = readonly [name: string, value: string]

/**
 * Percent-encodes UTF-8, keeping only A-Z a-z 0-9 - _ . ~ (the trip through bytes replaces lone surrogates).
 *
 * @example encodeStrict("a b*") // 'a%20b%2A'
 */
export function encodeStrict(text: string): string {
  return plain.test(text) ? text : encodeAll(text)
}

/** Most names and values: nothing in them is to be encoded. */
const plain = /^[A-Za-z0-9\-_.~]*$/

function encodeAll(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** A name as lists and formats carry it. */
export function encodeName(name: string): string {
  return encodeStrict(name).toLowerCase()
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** Names encoded already. Go's client sorts the values of a repeated name; the bytes before encoding decide. */
function joinEncoded(pairs: readonly SignedPair[]): string {
  return [...pairs]
    .sort((a, b) => compareBytes(a[0], b[0]) || compareBytes(a[1], b[1]))
    .map(([name, value]) => `${name}=${encodeStrict(value)}`)
    .join('&')
}

export type FormatParts = {
  readonly method: string
  readonly path: string
  readonly params: readonly SignedPair[]
  readonly headers: readonly SignedPair[]
}

function formatEncoded({ method, path, params, headers }: FormatParts): string {
  return `${method.toLowerCase()}\n${path}\n${joinEncoded(params)}\n${joinEncoded(headers)}\n`
}

function encodeNames(pairs: readonly SignedPair[]): SignedPair[] {
  return pairs.map(([name, value]) => [encodeName(name), value])
}

/** Everything that is signed, in the form in which it is hashed. Names as they are, values trimmed already. */
export function formatString({ params, headers, ...rest }: FormatParts): string {
  return formatEncoded({ ...rest, params: encodeNames(params), headers: encodeNames(headers) })
}

export function stringToSign(signTime: string, format: string): string {
  return `sha1\n${signTime}\n${hash('sha1', format)}\n`
}

function hmacHex(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('hex')
}

export type SignatureKey = { readonly secretKey: string; readonly keyTime: string }

/** It goes into the second HMAC as hex text. */
function signKeyOf({ secretKey, keyTime }: SignatureKey): string {
  return hmacHex(secretKey, keyTime)
}

export function signatureOf(key: SignatureKey, toSign: string): string {
  return hmacHex(signKeyOf(key), toSign)
}

type ValuesByName = ReadonlyMap<string, readonly string[]>

/** Values under their encoded names, so that long lists cost no more than their length. */
function groupByName(pairs: readonly SignedPair[]): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const [name, value] of encodeNames(pairs)) {
    const before = values.get(name)
    if (before === undefined) {
      values.set(name, [value])
    } else {
      before.push(value)
    }
  }
  return values
}

/**
 * The pairs of the listed names: a repeated name with each of its values, an absent one with an empty value.
 * Lists hold encoded names; in a presigned query some clients leave that encoding out.
 */
function listedPairs(list: readonly string[], values: ValuesByName): SignedPair[] {
  const names = new Set(list.map((listed) => (values.has(listed) ? listed : listedName(listed))))
  return [...names].flatMap((name) => (values.get(name) ?? ['']).map((value): SignedPair => [name, value]))
}

function listedName(listed: string): string {
  return /^(?:[a-z0-9\-_.~]|%[0-9a-f]{2})+$/.test(listed) ? listed : encodeName(listed)
}

export type VerifyOptions = SignedRequestParts & {
  readonly authorization: Authorization
  readonly method: string
  readonly secretKey: string
  /** Unix seconds. */
  readonly nowSeconds: number
  /** How far a start may lie in the future. Ours: 300 unless told otherwise. */
  readonly allowedSkewSeconds?: number
  /** Refuse signatures that do not cover `host`; the public samples' own do not. */
  readonly requireHost?: boolean
  /**
   * The host that the request is about, the header Host where this is absent. A signature covers this one and no
   * other: what decides the bucket must be what was signed.
   */
  readonly host?: string | undefined
  /** The port that a trusted proxy names (X-Forwarded-Port): many leave it out of the host. */
  readonly forwardedPort?: string | undefined
}

function checkTimes({ authorization, nowSeconds, allowedSkewSeconds = 300 }: VerifyOptions): void {
  // The key's window too: who holds a SignKey must not be able to choose its life time.
  for (const [name, window] of [
    ['q-sign-time', authorization.signTime],
    ['q-key-time', authorization.keyTime],
  ] as const) {
    if (nowSeconds > window.end) {
      throw new Fault('SignatureExpired', `The signature has expired: ${name} ended at ${window.end}.`)
    }
    if (window.start > nowSeconds + allowedSkewSeconds) {
      throw new Fault(
        'SignatureExpired',
        `The signature is not valid yet: ${name} starts at ${window.start}, it is ${nowSeconds} here.`,
      )
    }
  }
}

function withoutPort(host: string): string {
  return host.replace(/:\d*$/, '')
}

/** Clients leave the port of their scheme out of Host, and Node's signs the host with it where its URL has it. */
const defaultPorts = ['80', '443']

/** Python takes the brackets of an IPv6 address for a part of its URL only. Other names have none to lose. */
function withoutBrackets(host: string): string {
  const inner = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  return isIPv6(inner) ? inner : host
}

function withPorts(host: string, ports: readonly string[]): string[] {
  const bare = withoutPort(host)
  const name = withoutBrackets(bare)
  return host === bare ? [host, name, ...ports.map((port) => `${bare}:${port}`)] : [host, bare, name]
}

/**
 * The values of Host under which a client may have signed: Python leaves the port out, and a proxy that passes Host
 * on may name the same host without its port. All are one host, with one port or another.
 */
function hostsOf({ rawHeaders, host, forwardedPort }: VerifyOptions): string[] {
  const received = headerValues(rawHeaders, 'host')[0] ?? ''
  const asked = host ?? received
  const ports = forwardedPort === undefined ? defaultPorts : [...defaultPorts, forwardedPort]
  const isSameHost = withoutPort(received).toLowerCase() === withoutPort(asked).toLowerCase()
  return [...new Set([...withPorts(asked, ports), ...(isSameHost ? withPorts(received, ports) : [])])]
}

function headerPairs(rawHeaders: readonly string[]): SignedPair[] {
  const pairs: SignedPair[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? '', (rawHeaders[index + 1] ?? '').trim()])
  }
  return pairs
}

/** Everything that the client may have hashed, none twice; the first is what the documentation says. */
function formatsOf(options: VerifyOptions): string[] {
  const { authorization, method, target, rawHeaders } = options
  const { path, rawPath, query } = parseTarget(target)
  const params = listedPairs(authorization.urlParamList, groupByName(query))
  const received = groupByName(headerPairs(rawHeaders))
  const formats = new Set<string>()
  for (const host of hostsOf(options)) {
    const headers = listedPairs(authorization.headerList, received.set('host', [host]))
    for (const signedPath of [path, rawPath]) {
      formats.add(formatEncoded({ method, path: signedPath, params, headers }))
    }
  }
  return [...formats]
}

function equalText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * Checks a signature against the request as it arrived; returns when it is right. Throws Fault SignatureExpired,
 * InvalidAuthorization, or SignatureDoesNotMatch with StringToSign and FormatString in its details.
 */
export function verifySignature(options: VerifyOptions): void {
  const { authorization, secretKey, requireHost = false } = options
  if (requireHost && !authorization.headerList.includes('host')) {
    throw new Fault('InvalidAuthorization', 'The signature must cover the host header.')
  }
  checkTimes(options)
  const signKey = signKeyOf({ secretKey, keyTime: authorization.keyTime.text })
  const formats = formatsOf(options)
  // Every form is compared, also after one has matched: the time tells nothing of how right a signature is.
  const matches = formats.filter((format) =>
    equalText(hmacHex(signKey, stringToSign(authorization.signTime.text, format)), authorization.signature),
  )
  if (matches.length > 0) return
  const [format = ''] = formats
  throw new Fault('SignatureDoesNotMatch', 'The signature of the request does not match.', {
    details: { StringToSign: stringToSign(authorization.signTime.text, format), FormatString: format },
  })
}
