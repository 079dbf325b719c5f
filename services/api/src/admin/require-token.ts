import { createHash, timingSafeEqual } from 'node:crypto'
import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { isGuessable, tooManyWrongKeys } from '../limits/key-attempts.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Lets a request pass that carries the admin token as a bearer token. Digests of equal length are compared in constant time. */
export const requireToken = ({
  secrets,
  tokenAttempts,
}: Pick<ApiContext, 'secrets' | 'tokenAttempts'>): RequestHandler => {
  const expected = digest(secrets.adminToken)
  const mayBeGuessed = isGuessable(secrets.adminToken)
  return (req, res, next) => {
    const [, given] = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '') ?? []
    if (given === undefined) throw unauthorized(res, 'Send the admin token as `Authorization: Bearer TOKEN`.')
    const attempt = { address: clientAddress(req), id: '' }
    const isExhausted = tokenAttempts.isExhausted(attempt)
    // Before the comparison: otherwise a guess that is right would still be told from one that is wrong.
    if (isExhausted && mayBeGuessed) throw tooManyWrongKeys()
    if (timingSafeEqual(digest(given), expected)) return next()
    if (isExhausted) throw tooManyWrongKeys()
    tokenAttempts.recordFailure(attempt)
    throw unauthorized(res, 'The admin token is wrong.')
  }
}

const unauthorized = (res: Parameters<RequestHandler>[1], message: string): Fault => {
  res.setHeader('WWW-Authenticate', 'Bearer realm="kinoprint"')
  return new Fault('Unauthorized', message)
}
