import { Fault } from '@kinoprint/core'
import { parseAuthorization } from './authorization.ts'
import { type SignOptions, signRequest } from './sign-request.ts'
import { type SignedPair, signatureOf, stringToSign, verifySignature } from './signature.ts'

export const secretId = 'AKID1'
export const secretKey = 'SK1'
export const now = 1_700_000_000
export const times = { startSeconds: now - 60, endSeconds: now + 900 }

export type Received = {
  readonly method: string
  readonly target: string
  readonly headers: readonly SignedPair[]
}
type VerifyExtras = Partial<Parameters<typeof verifySignature>[0]>

export function verify({ method, target, headers }: Received, extras: VerifyExtras = {}): void {
  const rawHeaders = headers.flat()
  const authorization = parseAuthorization({ target, rawHeaders })
  verifySignature({ authorization, method, target, rawHeaders, secretKey, nowSeconds: now, ...extras })
}

export function codeOf(received: Received, extras: VerifyExtras = {}): string {
  try {
    verify(received, extras)
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
  return 'ok'
}

export function signed(
  options: Omit<SignOptions, 'secretId' | 'secretKey' | 'startSeconds' | 'endSeconds'>,
): SignedPair {
  return ['Authorization', signRequest({ secretId, secretKey, ...times, ...options })]
}

/** The Authorization header over a given FormatString, for clients that build their own form. */
export function signedAs(format: string, headerList: string, paramList: string): SignedPair {
  const options = { method: 'GET', target: '/', secretId, secretKey, ...times }
  const like = parseAuthorization({ target: '/', rawHeaders: ['Authorization', signRequest(options)] })
  const keyTime = like.keyTime.text
  const signature = signatureFor(stringToSign(keyTime, format), keyTime)
  return [
    'Authorization',
    `q-sign-algorithm=sha1&q-ak=${secretId}&q-sign-time=${keyTime}&q-key-time=${keyTime}&q-header-list=${headerList}&q-url-param-list=${paramList}&q-signature=${signature}`,
  ]
}
export function signatureFor(toSign: string, keyTime: string): string {
  return signatureOf({ secretKey, keyTime }, toSign)
}
