import { parseTarget } from '@kinoprint/contract'
import { errorText } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { Request, RequestHandler, Response } from 'express'
import {
  clearSessionCookie,
  digestOf,
  newCookie,
  readSessionCookie,
  setSessionCookie,
} from '../admin/session-cookie.ts'
import { auditChange } from '../audit-change.ts'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { scopeOf } from '../http/request-scope.ts'
import { CALLBACK_PATH, createIdentityProvider, type IdentityProvider } from './identity-provider.ts'
import { keepPending, takePending } from './pending-sign-in.ts'
import { type ProblemKind, SignInProblem } from './sign-in-problem.ts'

type Context = Pick<ApiContext, 'db' | 'secrets' | 'log' | 'settings'>
type Exchange = { readonly req: Request; readonly res: Response }

/** The page that shows problems, and that opens the wanted page after signing in. */
const SIGN_IN_PAGE = '/console/sign-in'
const FIRST_PAGE = '/console/overview'
const TARGET_CHARS_MAX = 2000

/**
 * The pages of signing in and out with OpenID Connect, which only redirect. A problem leads to the sign-in page of the
 * console, which explains it; its cause is in the log.
 */
export function signInPages(context: Context): Readonly<Record<string, RequestHandler>> {
  const { oidc } = context.settings
  const provider = oidc === null ? null : createIdentityProvider(oidc)
  const page =
    (run: (provider: IdentityProvider, exchange: Exchange) => Promise<string>): RequestHandler =>
    async (req, res) => {
      const address =
        provider === null
          ? problemAddress('off')
          : await run(provider, { req, res }).catch((error: unknown) => explain(context, req, error))
      res.setHeader('Cache-Control', 'no-store')
      res.setHeader('Referrer-Policy', 'no-referrer')
      res.redirect(303, address)
    }
  return {
    '/console/oidc/sign-in': page((known, exchange) => start(context, known, exchange)),
    [CALLBACK_PATH]: page((known, exchange) => finish(context, known, exchange)),
    '/console/oidc/sign-out': page((known, exchange) => signOut(context, known, exchange)),
  }
}

async function start({ secrets }: Context, provider: IdentityProvider, exchange: Exchange): Promise<string> {
  const { url, checks } = await provider.start()
  const wanted = queryOf(exchange.req).get('to') ?? ''
  const isPage = /^\/console\/(?!\/)/.test(wanted) && wanted.length <= TARGET_CHARS_MAX
  keepPending(exchange, secrets, { ...checks, to: isPage ? wanted : FIRST_PAGE })
  return url.href
}

async function finish(
  { db, secrets }: Context,
  provider: IdentityProvider,
  { req, res }: Exchange,
): Promise<string> {
  const query = queryOf(req)
  const pending = takePending({ req, res }, secrets, query.get('state') ?? '')
  if (pending === null) throw new SignInProblem('state')
  const { claims, idToken } = await provider.finish(`?${query}`, pending)
  const user = await store.recordUser(db, claims)
  if (user.blockedAt !== null) throw new SignInProblem('blocked')
  const { userId, name, role } = user
  if (role === null) throw new SignInProblem('role')
  const cookie = newCookie()
  const address = clientAddress(req)
  const sealedIdToken =
    idToken === null ? null : store.sealSecret({ ...secrets, secretId: userId, secretKey: idToken })
  await store.inTransaction(db, async (bound) => {
    const digest = digestOf(cookie, secrets)
    const { sessionId } = await store.createSession(bound, {
      ...{ digest, name, address, user: { userId, sealedIdToken } },
    })
    const actor = { kind: 'user', id: userId, name, role } as const
    await auditChange(bound, req, { actor, action: 'signIn', subject: sessionId })
  })
  setSessionCookie(req, res, cookie)
  return `${SIGN_IN_PAGE}?${new URLSearchParams({ done: '1', to: pending.to })}`
}

/** The cookie is not sent with navigations from other sites, so none of them can sign anybody out. */
async function signOut(
  { db, secrets }: Context,
  provider: IdentityProvider,
  { req, res }: Exchange,
): Promise<string> {
  const cookie = readSessionCookie(req)
  const session = cookie === null ? null : await store.useSession(db, digestOf(cookie, secrets))
  if (session === null) return SIGN_IN_PAGE
  const { sessionId, userId, name, role } = session
  const sealed = await store.readIdToken(db, sessionId)
  await store.inTransaction(db, async (bound) => {
    await store.deleteSession(bound, sessionId)
    const actor = { kind: userId === null ? 'token' : 'user', id: userId, name, role } as const
    await auditChange(bound, req, { actor, action: 'signOut', subject: sessionId })
  })
  clearSessionCookie(req, res)
  if (sealed === null || userId === null) return SIGN_IN_PAGE
  const idToken = store.openSecret({ ...secrets, secretId: userId, sealed })
  // The session here has ended, whether or not the provider can be reached.
  const url = await provider.signOutUrl(idToken).catch(() => null)
  return url?.href ?? SIGN_IN_PAGE
}

function explain({ log }: Context, req: Request, error: unknown): string {
  if (!(error instanceof SignInProblem)) throw error
  const { kind, cause } = error
  const { requestId } = scopeOf(req)
  const fields = cause === undefined ? {} : { cause: errorText(cause), err: cause }
  log.warn({ problem: kind, requestId, ...fields }, 'A sign-in with OpenID Connect failed')
  return problemAddress(kind, requestId)
}

function problemAddress(kind: ProblemKind, requestId = ''): string {
  const request = requestId === '' ? {} : { request: requestId }
  return `${SIGN_IN_PAGE}?${new URLSearchParams({ problem: kind, ...request })}`
}

function queryOf(req: Request): URLSearchParams {
  const fields = parseTarget(scopeOf(req).target).query
  return new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]))
}
