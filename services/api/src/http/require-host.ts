import { Fault } from '@kinoprint/contract'
import type { RequestHandler } from 'express'

/** RFC 9112 §3.2: a request of HTTP/1.1 names its host, if only in the absolute form of its target. */
export const requireHost: RequestHandler = (req, _res, next) => {
  if (req.headers.host === undefined && req.httpVersion === '1.1') {
    throw new Fault('InvalidArgument', 'The request has no Host header.')
  }
  next()
}
