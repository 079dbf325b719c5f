import type { IncomingMessage } from 'node:http'
import { Fault } from '@kinoprint/core'
import type { NextFunction, Request, Response } from 'express'
import { scopeOf } from './request-scope.ts'

const ABSOLUTE_FORM = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^#]*)/i

/**
 * Converts an absolute-form target, which clients of a forward proxy send, to the origin form that routes and signatures
 * use. The authority of the target replaces the Host header (RFC 9112 §3.2.2). Runs before Express reads the path.
 *
 * @example `GET http://h:80/jobs?size=1` becomes `GET /jobs?size=1` with Host `h:80`
 */
export function normaliseRequestTarget(req: IncomingMessage): void {
  const target = req.url ?? '/'
  const absolute = ABSOLUTE_FORM.exec(target)
  if (absolute) {
    const [, authority = '', rest = ''] = absolute
    req.headers.host = authority
    req.url = rest.startsWith('/') ? rest : `/${rest}`
    return
  }
  const fragment = target.indexOf('#')
  req.url = fragment === -1 ? target : target.slice(0, fragment)
}

/** The path, still percent-encoded, and the query without its question mark. */
export function splitTarget(target: string): { path: string; query: string } {
  const mark = target.indexOf('?')
  return mark === -1
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

/** Middleware: rejects NUL, the one character that PostgreSQL text cannot contain. */
export function rejectNul(req: Request, _res: Response, next: NextFunction): void {
  if (scopeOf(req).target.includes('%00')) {
    throw new Fault('InvalidArgument', 'The path or query contains a NUL character (%00). Remove it.')
  }
  next()
}
