import { createHash, timingSafeEqual } from 'node:crypto'
import { Fault } from '@kinoprint/core'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { isGuessable } from '../http/is-guessable.ts'
import { tooManyWrongKeys } from '../http/key-attempts.ts'

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
    const isSpent = tokenAttempts.isSpent(attempt)
    // Before the comparison: otherwise a guess that is right would still be told from one that is wrong.
    if (isSpent && mayBeGuessed) throw tooManyWrongKeys()
    if (timingSafeEqual(digest(given), expected)) return next()
    if (isSpent) throw tooManyWrongKeys()
    tokenAttempts.wrong(attempt)
    throw unauthorized(res, 'The admin token is wrong.')
  }
}

const unauthorized = (res: Parameters<RequestHandler>[1], message: string): Fault => {
  res.setHeader('WWW-Authenticate', 'Bearer realm="kinoprint"')
  return new Fault('Unauthorized', message)
}
