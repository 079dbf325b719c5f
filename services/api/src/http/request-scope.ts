import type { IncomingMessage } from 'node:http'
import { type FaultCode, newRequestId } from '@kinoprint/core'
import type { Actor, Session } from '@kinoprint/store'

/** Data about a request for its response, log line and metrics. */
export type RequestScope = {
  readonly requestId: string
  readonly startedAtMs: number
  /** The origin form as received, before routers rewrite it: the signed target. */
  readonly target: string
  /** The template of the route, e.g. `/jobs/:jobIds`, so that the number of metric labels stays bounded. */
  route: string
  secretId: string | null
  /** The code of the error that it is answered with; null if there is none. */
  errorCode: FaultCode | null
  /** The browser session of a request to /admin; null if it used the token. */
  session: Session | null
  /** Who sent a request to /admin; null before authentication. */
  actor: Actor | null
  /** Releases the in-flight slot of the request. Called when the response ends; later calls do nothing. */
  release: () => void
}

const scopes = new WeakMap<IncomingMessage, RequestScope>()

export function openScope(req: IncomingMessage): RequestScope {
  const scope: RequestScope = {
    requestId: newRequestId(),
    startedAtMs: performance.now(),
    target: req.url ?? '/',
    route: 'unknown',
    secretId: null,
    errorCode: null,
    session: null,
    actor: null,
    release: () => undefined,
  }
  scopes.set(req, scope)
  return scope
}

/** The scope of a request. The first middleware creates it. */
export function scopeOf(req: IncomingMessage): RequestScope {
  return scopes.get(req) ?? openScope(req)
}
