import { createHash, timingSafeEqual } from 'node:crypto'
import { Fault } from '@kinoprint/contract'
import type { RequestHandler } from 'express'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Lets a request pass that carries the admin token as a bearer token. Digests of equal length are compared in constant time. */
export const requireToken = (adminToken: string): RequestHandler => {
  const expected = digest(adminToken)
  return (req, res, next) => {
    const [, given] = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '') ?? []
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
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
