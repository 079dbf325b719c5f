import { createHash, timingSafeEqual } from 'node:crypto'
import { Fault } from '@kinoprint/core'
import type { RequestHandler, Response } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { isGuessable, tooManyWrongKeys } from '../limits/key-attempts.ts'

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** Admits requests with the admin token. Compares digests of equal length in constant time. */
export function requireToken({
  secrets,
  tokenAttempts,
}: Pick<ApiContext, 'secrets' | 'tokenAttempts'>): RequestHandler {
  const expected = digest(secrets.adminToken)
  const mayBeGuessed = isGuessable(secrets.adminToken)
  return (req, res, next) => {
    const [, given] = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '') ?? []
    if (given === undefined) throw unauthorized(res, 'Send the admin token as `Authorization: Bearer TOKEN`.')
    const attempt = { address: clientAddress(req), id: '' }
    const isExhausted = tokenAttempts.isExhausted(attempt)
    // Before the comparison, so that the response does not reveal whether a guess was right.
    if (isExhausted && mayBeGuessed) throw tooManyWrongKeys()
    if (timingSafeEqual(digest(given), expected)) return next()
    if (isExhausted) throw tooManyWrongKeys()
    tokenAttempts.recordFailure(attempt)
    throw unauthorized(res, 'The admin token is wrong.')
  }
}

function unauthorized(res: Response, message: string): Fault {
  res.setHeader('WWW-Authenticate', 'Bearer realm="kinoprint"')
  return new Fault('Unauthorized', message)
}
