import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { Fault } from '../fault.ts'
import { type Authorization, headerValues, type SignedRequestParts } from './authorization.ts'
import { parseTarget } from './target.ts'

/** A name and a value that take part in a signature. */
export type SignedPair = readonly [name: string, value: string]

/**
 * Percent-encodes UTF-8, keeping only A-Z a-z 0-9 - _ . ~ (the trip through bytes replaces lone surrogates).
 *
 * @example encodeStrict("a b*") // 'a%20b%2A'
 */
export const encodeStrict = (text: string): string =>
  encodeURIComponent(Buffer.from(text).toString()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** The name as lists and formats carry it. */
export const encodeName = (name: string): string => encodeStrict(name).toLowerCase()

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

const joinPairs = (pairs: readonly SignedPair[]): string =>
  pairs
    .map(([name, value]): SignedPair => [encodeName(name), value])
    // Go's client sorts the values of a repeated name; the bytes before encoding decide.
    .sort((a, b) => compareBytes(a[0], b[0]) || compareBytes(a[1], b[1]))
    .map(([name, value]) => `${name}=${encodeStrict(value)}`)
    .join('&')

export type FormatParts = {
  readonly method: string
  readonly path: string
  readonly params: readonly SignedPair[]
  readonly headers: readonly SignedPair[]
}

/** Everything that is signed, in the form in which it is hashed. */
export const formatString = ({ method, path, params, headers }: FormatParts): string =>
  `${method.toLowerCase()}\n${path}\n${joinPairs(params)}\n${joinPairs(headers)}\n`

export const stringToSign = (signTime: string, format: string): string =>
  `sha1\n${signTime}\n${createHash('sha1').update(format).digest('hex')}\n`

const hmacHex = (key: string, text: string): string => createHmac('sha1', key).update(text).digest('hex')

export type SignatureKey = { readonly secretKey: string; readonly keyTime: string }

/** The SignKey comes from the key time, and goes into the second HMAC as hex text. */
export const signatureOf = ({ secretKey, keyTime }: SignatureKey, toSign: string): string =>
  hmacHex(hmacHex(secretKey, keyTime), toSign)

/** The pairs of the listed names, a repeated name with each of its values, an absent one with an empty value. */
const listedPairs = (
  list: readonly string[],
  valuesOf: (listed: string) => readonly string[],
): SignedPair[] =>
  [...new Set(list)].flatMap((listed) => {
    const values = valuesOf(listed)
    return (values.length === 0 ? [''] : values).map((value): SignedPair => [listed, value])
  })

/** Lists hold encoded names; in a presigned query some clients leave out that encoding. */
const sameName = (name: string, listed: string): boolean =>
  encodeName(name) === listed || encodeName(name) === encodeName(listed)

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
  /** What a trusted proxy says that the client had asked for (X-Forwarded-Host). */
  readonly forwardedHost?: string | undefined
}

const checkTimes = ({ authorization, nowSeconds, allowedSkewSeconds = 300 }: VerifyOptions): void => {
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

const withoutPort = (host: string): string => host.replace(/:\d*$/, '')

/** The values of Host under which a client may have signed: Python leaves the port out. */
const hostsOf = ({ rawHeaders, forwardedHost }: VerifyOptions): string[] => {
  const received = headerValues(rawHeaders, 'host')[0] ?? ''
  const hosts = [received, withoutPort(received)]
  if (forwardedHost !== undefined) {
    hosts.push(forwardedHost, withoutPort(forwardedHost))
  }
  return [...new Set(hosts)]
}

/** Everything that the client may have hashed; the first is what the documentation says. */
const formatsOf = (options: VerifyOptions): string[] => {
  const { authorization, method, target, rawHeaders } = options
  const { path, rawPath, query } = parseTarget(target)
  const params = listedPairs(authorization.urlParamList, (listed) =>
    query.filter(([name]) => sameName(name, listed)).map(([, value]) => value),
  )
  const namedHeaders = new Map<string, string[]>()
  const headersFor = (host: string): SignedPair[] =>
    listedPairs(authorization.headerList, (listed) => {
      if (listed === 'host') {
        return [host]
      }
      const known = namedHeaders.get(listed) ?? headersListed(rawHeaders, listed)
      namedHeaders.set(listed, known)
      return known
    })
  return hostsOf(options).flatMap((host) => {
    const headers = headersFor(host)
    return [...new Set([path, rawPath])].map((signedPath) =>
      formatString({ method, path: signedPath, params, headers }),
    )
  })
}
const headersListed = (rawHeaders: readonly string[], listed: string): string[] => {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  return [...new Set(names)]
    .filter((name) => sameName(name, listed))
    .flatMap((name) => headerValues(rawHeaders, name))
}

const equalText = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/**
 * Checks a signature against the request as it arrived; returns when it is right. Throws Fault SignatureExpired,
 * InvalidAuthorization, or SignatureDoesNotMatch with StringToSign and FormatString in its details.
 */
export const verifySignature = (options: VerifyOptions): void => {
  const { authorization, secretKey, requireHost = false } = options
  if (requireHost && !authorization.headerList.includes('host')) {
    throw new Fault('InvalidAuthorization', 'The signature must cover the host header.')
  }
  checkTimes(options)
  const formats = formatsOf(options)
  let matches = false
  for (const format of formats) {
    const toSign = stringToSign(authorization.signTime.text, format)
    const expected = signatureOf({ secretKey, keyTime: authorization.keyTime.text }, toSign)
    matches = equalText(expected, authorization.signature) || matches
  }
  if (!matches) {
    const format = formats[0] ?? ''
    throw new Fault('SignatureDoesNotMatch', 'The signature of the request does not match.', {
      details: { StringToSign: stringToSign(authorization.signTime.text, format), FormatString: format },
    })
  }
}
