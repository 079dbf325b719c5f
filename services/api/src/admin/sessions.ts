import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { Request } from 'express'
import { auditChange } from '../audit-change.ts'
import { clientAddress } from '../http/client-address.ts'
import { scopeOf } from '../http/request-scope.ts'
import type { AdminContext, Answer, ExchangeRequest } from './handler.ts'
import {
  clearSessionCookie,
  csrfOf,
  digestOf,
  newCookie,
  readSessionCookie,
  setSessionCookie,
} from './session-cookie.ts'

export async function listSignInMethods({
  settings,
}: Pick<AdminContext, 'settings'>): Answer<'listSignInMethods'> {
  return { token: true, oidc: settings.oidc !== null }
}

export async function signIn(
  { db, secrets, checkToken }: Pick<AdminContext, 'db' | 'secrets' | 'checkToken'>,
  { body, req, res }: ExchangeRequest<'signIn'>,
): Answer<'signIn'> {
  const address = clientAddress(req)
  checkToken(body.token, address)
  const name = body.name ?? null
  const cookie = newCookie()
  const expiresAt = await store.inTransaction(db, async (bound) => {
    const created = await store.createSession(bound, { digest: digestOf(cookie, secrets), name, address })
    const actor = { kind: 'token', id: null, name, role: 'admin' } as const
    await auditChange(bound, req, { actor, action: 'signIn', subject: created.sessionId })
    return created.expiresAt
  })
  setSessionCookie(req, res, cookie)
  return { csrf: csrfOf(cookie), name, userId: null, role: 'admin', expiresAt: expiresAt.toISOString() }
}

export async function getSession(
  _context: object,
  { req }: ExchangeRequest<'getSession'>,
): Answer<'getSession'> {
  const { name, userId, role, expiresAt } = currentSession(req)
  const csrf = csrfOf(readSessionCookie(req) ?? '')
  return { csrf, name, userId, role, expiresAt: expiresAt.toISOString() }
}

export async function signOut(
  { db, events }: Pick<AdminContext, 'db' | 'events'>,
  { req, res }: ExchangeRequest<'signOut'>,
): Answer<'signOut'> {
  const { sessionId } = currentSession(req)
  await store.deleteSession(db, sessionId)
  events.endSession(sessionId)
  clearSessionCookie(req, res)
  return undefined
}

export async function listSessions(
  { db }: Pick<AdminContext, 'db'>,
  { query: { page, pageSize }, req }: ExchangeRequest<'listSessions'>,
): Answer<'listSessions'> {
  const own = scopeOf(req).session?.sessionId
  const sessions = await store.listSessions(db)
  const items = sessions.slice((page - 1) * pageSize, page * pageSize).map((session) => ({
    ...session,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.lastUsedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    current: session.sessionId === own,
  }))
  return { items, total: sessions.length, page, pageSize }
}

export async function endSession(
  { db, events }: Pick<AdminContext, 'db' | 'events'>,
  { params: { sessionId } }: ExchangeRequest<'endSession'>,
): Answer<'endSession'> {
  const ended = await store.deleteSession(db, sessionId)
  events.endSession(sessionId)
  if (!ended) throw new Fault('NotFound', `Session ${sessionId} does not exist.`)
  return undefined
}

function currentSession(req: Request): store.Session {
  const { session } = scopeOf(req)
  if (session !== null) return session
  throw new Fault('NotFound', 'This request has no session: it used the admin token.')
}
