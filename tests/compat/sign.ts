import { createHash, createHmac } from 'node:crypto'

/**
 * A second, independent implementation of the documented signature. It finds bugs that the product's signer and verifier
 * have in common.
 */
export type Pair = readonly [name: string, value: string]
export type KeyPair = { readonly secretId: string; readonly secretKey: string }

export type Signing = {
  readonly method: string
  /** The path to hash: decoded, without scheme, host and query. */
  readonly path: string
  readonly params?: readonly Pair[]
  readonly headers?: readonly Pair[]
  readonly key: KeyPair
  /** How far in the past the signature starts and how long it is valid, in seconds. SDKs differ. */
  readonly backSeconds?: number
  readonly lifeSeconds?: number
}

const UNRESERVED = /[A-Za-z0-9\-_.~]/

export function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
function hmac(key: string, text: string): string {
  return createHmac('sha1', key).update(text).digest('hex')
}

function order(a: Pair, b: Pair): number {
  return (
    Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])) ||
    Buffer.compare(Buffer.from(a[1]), Buffer.from(b[1]))
  )
}

function join(pairs: readonly Pair[]): string {
  return pairs
    .map(([name, value]): Pair => [encode(name).toLowerCase(), value])
    .sort(order)
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&')
}

function names(pairs: readonly Pair[]): string {
  return pairs
    .map(([name]) => encode(name).toLowerCase())
    .sort()
    .join(';')
}

/** The seven fields of a signature, in documented order. */
export function signatureFields(signing: Signing): readonly Pair[] {
  const { method, path, params = [], headers = [], key, backSeconds = 1, lifeSeconds = 900 } = signing
  const start = Math.floor(Date.now() / 1000) - backSeconds
  const time = `${start};${start + lifeSeconds}`
  const trimmed = headers.map(([name, value]): Pair => [name, value.trim()])
  const format = `${method.toLowerCase()}\n${path}\n${join(params)}\n${join(trimmed)}\n`
  return [
    ['q-sign-algorithm', 'sha1'],
    ['q-ak', key.secretId],
    ['q-sign-time', time],
    ['q-key-time', time],
    ['q-header-list', names(headers)],
    ['q-url-param-list', names(params)],
    ['q-signature', hmac(hmac(key.secretKey, time), `sha1\n${time}\n${sha1(format)}\n`)],
  ]
}

/** The Authorization header. */
export function authorizationOf(signing: Signing): string {
  return signatureFields(signing)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}
