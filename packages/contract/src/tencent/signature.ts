import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { Fault } from '@kinoprint/core'
import type { Authorization, SignedRequestParts } from './authorization.ts'
import { headerValues, parseTarget } from './request-parts.ts'

/** A header or parameter that is part of a signature. */
export type SignedPair = readonly [name: string, value: string]

/**
 * Percent-encodes UTF-8 and keeps only A-Z a-z 0-9 - _ . ~. Lone surrogates become U+FFFD.
 *
 * @example encodeStrict("a b*") // 'a%20b%2A'
 */
export function encodeStrict(text: string): string {
  return PLAIN.test(text) ? text : encodeAll(text)
}

/** Most names and values need no encoding. */
const PLAIN = /^[A-Za-z0-9\-_.~]*$/

function encodeAll(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** A name as it appears in lists and format strings. */
export function encodeName(name: string): string {
  return encodeStrict(name).toLowerCase()
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** Joins pairs with encoded names. The Go SDK sorts the values of a repeated name by their bytes before encoding. */
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

/** Returns the FormatString of a request. Names are passed unencoded, values trimmed. */
export function formatString({ params, headers, ...rest }: FormatParts): string {
  return formatEncoded({ ...rest, params: encodeNames(params), headers: encodeNames(headers) })
}

/** The StringToSign of a request. `signTime` is "start;end". */
export function stringToSign(signTime: string, format: string): string {
  return `sha1\n${signTime}\n${hash('sha1', format)}\n`
}

function hmacHex(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('hex')
}

export type SignatureKey = { readonly secretKey: string; readonly keyTime: string }

/** The SignKey, which is used as hex text in the second HMAC. */
function signKeyOf({ secretKey, keyTime }: SignatureKey): string {
  return hmacHex(secretKey, keyTime)
}

/** The signature of a StringToSign, in lower-case hex. */
export function signatureOf(key: SignatureKey, toSign: string): string {
  return hmacHex(signKeyOf(key), toSign)
}

type ValuesByName = ReadonlyMap<string, readonly string[]>

/** Groups values by encoded name, so that long lists take linear time. */
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
 * The pairs of the listed names. A repeated name contributes all its values, an absent one an empty value.
 * Listed names are encoded, except in the presigned queries of some clients.
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
  /** How far in the future the start may be, in seconds. Default: 300; the public service documents no limit. */
  readonly allowedSkewSeconds?: number
  /** Reject signatures that do not cover `host`. Default false, because the public samples do not cover it. */
  readonly requireHost?: boolean
  /** The host that determines the bucket, and therefore the host that must be signed. Default: the Host header. */
  readonly host?: string | undefined
  /** X-Forwarded-Port of a trusted proxy. Many proxies omit the port from the host. */
  readonly forwardedPort?: string | undefined
}

function checkTimes({ authorization, nowSeconds, allowedSkewSeconds = 300 }: VerifyOptions): void {
  // Both, so that the holder of a SignKey cannot extend its validity.
  for (const [name, { start, end }] of [
    ['q-sign-time', authorization.signTime],
    ['q-key-time', authorization.keyTime],
  ] as const) {
    if (nowSeconds > end) {
      throw new Fault(
        'SignatureExpired',
        `The signature has expired: ${name} ended at ${end}. Sign the request again.`,
      )
    }
    if (start > nowSeconds + allowedSkewSeconds) {
      throw new Fault(
        'SignatureExpired',
        `The signature is not valid yet: ${name} starts at ${start}, but the server time is ${nowSeconds}. Check the clock.`,
      )
    }
  }
}

function withoutPort(host: string): string {
  return host.replace(/:\d*$/, '')
}

/** Clients omit the default port from Host, but the Node SDK signs it if its URL has it. */
const defaultPorts = ['80', '443']

/** The Python SDK signs an IPv6 address without its brackets. */
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
 * The values of Host that the client may have signed: the same host with different ports. The Python SDK omits the port,
 * and so may a proxy that forwards Host.
 */
function hostsOf({ rawHeaders, host, forwardedPort }: VerifyOptions): string[] {
  const received = headerValues(rawHeaders, 'host')[0] ?? ''
  const effective = host ?? received
  const ports = forwardedPort === undefined ? defaultPorts : [...defaultPorts, forwardedPort]
  const isSameHost = withoutPort(received).toLowerCase() === withoutPort(effective).toLowerCase()
  return [...new Set([...withPorts(effective, ports), ...(isSameHost ? withPorts(received, ports) : [])])]
}

function headerPairs(rawHeaders: readonly string[]): SignedPair[] {
  const pairs: SignedPair[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? '', (rawHeaders[index + 1] ?? '').trim()])
  }
  return pairs
}

/** The distinct format strings that the client may have signed. The first is the documented form. */
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
 * Verifies the signature of a request as received (q-sign-algorithm=sha1). Throws Fault SignatureExpired,
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
  // All forms are compared, even after a match, so that the timing reveals nothing about the signature.
  const matches = formats.filter((format) =>
    equalText(hmacHex(signKey, stringToSign(authorization.signTime.text, format)), authorization.signature),
  )
  if (matches.length > 0) return
  const [format = ''] = formats
  throw new Fault(
    'SignatureDoesNotMatch',
    'The signature does not match. Compare StringToSign and FormatString with your own.',
    {
      details: { StringToSign: stringToSign(authorization.signTime.text, format), FormatString: format },
    },
  )
}
