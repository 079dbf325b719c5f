import { timingSafeEqual } from 'node:crypto'
import { adminRoutes } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { type Actor, type Session, useSession } from '@kinoprint/store'
import type { Request, RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { scopeOf } from '../http/request-scope.ts'
import type { TokenCheck } from './check-token.ts'
import { csrfOf, digestOf, readSessionCookie } from './session-cookie.ts'

/** Name of the header that proves that a page of this server sent a request with the cookie. */
const CSRF_HEADER = 'x-kinoprint-csrf'

/** Routes that need no authentication, as `POST /session`. None has parameters in its path. */
const publicRoutes = new Set(
  Object.values(adminRoutes)
    .filter(({ role }) => role === 'public')
    .map(({ method, path }) => `${method.toUpperCase()} ${path.replace(/^\/admin/, '')}`),
)

/**
 * Admits requests with the admin token, or with the cookie of a session. A cookie alone may only read: browsers also
 * send it with requests that other pages cause.
 */
export function authenticate({
  db,
  secrets,
  connections,
  checkToken,
}: Pick<ApiContext, 'db' | 'secrets' | 'connections'> & { readonly checkToken: TokenCheck }): RequestHandler {
  return async (req, res, next) => {
    if (publicRoutes.has(`${req.method} ${req.path}`)) return next()
    try {
      const { authorization } = req.headers
      const cookie = authorization === undefined ? readSessionCookie(req) : null
      if (cookie === null) checkToken(tokenOf(req), clientAddress(req))
      else scopeOf(req).session = await sessionOf(req, cookie)
      scopeOf(req).actor = actorOf(scopeOf(req).session)
    } catch (error) {
      if (error instanceof Fault && error.code === 'Unauthorized')
        res.setHeader('WWW-Authenticate', 'Bearer realm="kinoprint"')
      throw error
    }
    connections?.protect(req, res)
    next()
  }

  async function sessionOf(req: Request, cookie: string): Promise<Session> {
    const session = await useSession(db, digestOf(cookie, secrets))
    if (session === null)
      throw new Fault('Unauthorized', 'The session has ended. Sign in again with POST /admin/session.')
    if (req.method !== 'GET' && req.method !== 'HEAD') checkCsrf(req, csrfOf(cookie))
    return session
  }
}

function actorOf(session: Session | null): Actor {
  if (session === null) return { kind: 'token', id: null, name: null, role: 'admin' }
  const { userId, name, role } = session
  return { kind: userId === null ? 'token' : 'user', id: userId, name, role }
}

/** The route to which object stores send events. Ceph sends only a user name and a password. */
const EVENTS = /^\/libraries\/[^/]+\/object-events$/

/** The token of a request. For events it may also be the password of Basic authentication. */
function tokenOf({ method, path, headers: { authorization = '' } }: Request): string {
  const [, given] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  if (given !== undefined) return given
  const [, encoded] = /^Basic +([\w+/=-]+)$/i.exec(authorization) ?? []
  if (encoded !== undefined && method === 'POST' && EVENTS.test(path)) {
    const [, password] = /^[^:]*:(.+)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? []
    if (password !== undefined) return password
  }
  throw new Fault('Unauthorized', 'Send the admin token as `Authorization: Bearer TOKEN`.')
}

function checkCsrf({ headers }: Request, expected: string): void {
  const given = headers[CSRF_HEADER]
  const [a, b] = [Buffer.from(String(given)), Buffer.from(expected)]
  if (a.length === b.length && timingSafeEqual(a, b)) return
  throw new Fault(
    'AccessDenied',
    'The header X-Kinoprint-Csrf is missing or wrong. Send the value of `csrf` from GET /admin/session.',
  )
}
