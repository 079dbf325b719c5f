import { createHash, timingSafeEqual } from 'node:crypto'
import { Fault } from '@kinoprint/contract'
import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Lets a request pass that carries the admin token as a bearer token. Digests of equal length are compared in constant time. */
export const requireToken = ({
  secrets,
  tokenAttempts,
}: Pick<ApiContext, 'secrets' | 'tokenAttempts'>): RequestHandler => {
  const expected = digest(secrets.adminToken)
  return (req, res, next) => {
    const [, given] = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '') ?? []
    const attempt = { address: clientAddress(req), id: '' }
    // Before the comparison: otherwise a guess that is right would still be told from one that is wrong.
    if (given !== undefined) tokenAttempts.check(attempt)
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      if (given !== undefined) tokenAttempts.wrong(attempt)
      res.setHeader('WWW-Authenticate', 'Bearer realm="kinoprint"')
      throw new Fault(
        'Unauthorized',
        given === undefined
          ? 'Send the admin token as `Authorization: Bearer TOKEN`.'
          : 'The admin token is wrong.',
      )
    }
    next()
  }
}
