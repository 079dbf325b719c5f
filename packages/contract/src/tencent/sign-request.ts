import { parseTarget } from './request-parts.ts'
import {
  encodeName,
  encodeStrict,
  formatString,
  type SignedPair,
  signatureOf,
  stringToSign,
} from './signature.ts'

export type SignOptions = {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** Only the headers to sign, with one pair for each value of a repeated name. */
  readonly headers?: readonly SignedPair[]
  readonly secretId: string
  readonly secretKey: string
  /** Unix seconds. */
  readonly startSeconds: number
  readonly endSeconds: number
}

function listOf(pairs: readonly SignedPair[]): string {
  return pairs
    .map(([name]) => encodeName(name))
    .sort()
    .join(';')
}

function signedFields(options: SignOptions): readonly SignedPair[] {
  const { method, target, headers = [], secretId, secretKey, startSeconds, endSeconds } = options
  const { path, query: params } = parseTarget(target)
  const trimmed = headers.map(([name, value]): SignedPair => [name, value.trim()])
  const keyTime = `${startSeconds};${endSeconds}`
  const format = formatString({ method, path, params, headers: trimmed })
  return [
    ['q-sign-algorithm', 'sha1'],
    ['q-ak', secretId],
    ['q-sign-time', keyTime],
    ['q-key-time', keyTime],
    ['q-header-list', listOf(headers)],
    ['q-url-param-list', listOf(params)],
    ['q-signature', signatureOf({ secretKey, keyTime }, stringToSign(keyTime, format))],
  ]
}

/**
 * The Authorization header of a request. It signs the whole query and the given headers.
 *
 * @example
 * signRequest({ method: 'GET', target: '/dnadb?pageSize=5', headers: [['host', 'h:8080']], secretId, secretKey,
 *   startSeconds: now - 60, endSeconds: now + 900 })
 */
export function signRequest(options: SignOptions): string {
  return signedFields(options)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** The target with the authorization in the parameter `sign`, as the SDKs for Java, PHP, C and C++ presign. */
export function presignMergedTarget(options: SignOptions): string {
  return `${options.target}${options.target.includes('?') ? '&' : '?'}sign=${encodeStrict(signRequest(options))}`
}

/** The target with the fields of the signature in its query: a link that works without the key. */
export function presignTarget(options: SignOptions): string {
  const fields = signedFields(options).map(([name, value]) => `${name}=${encodeStrict(value)}`)
  return `${options.target}${options.target.includes('?') ? '&' : '?'}${fields.join('&')}`
}
