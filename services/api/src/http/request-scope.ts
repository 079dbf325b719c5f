import type { IncomingMessage } from 'node:http'
import { newRequestId } from '@kinoprint/core'

/** What is known of a request from its first byte on, and wanted in its answer and its log line. */
export type RequestScope = {
  readonly requestId: string
  readonly startedAtMs: number
  /** Origin form as received, before any router rewrote it: what a signature was made over. */
  readonly target: string
  /** Template of the route that answered, e.g. `/jobs/:jobIds`: a label of bounded variety for metrics. */
  route: string
  secretId: string | null
  /** Gives back the places that the request holds. Runs when it is answered, and once only. */
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
    release: () => undefined,
  }
  scopes.set(req, scope)
  return scope
}

/** The scope that the first middleware opened. */
export function scopeOf(req: IncomingMessage): RequestScope {
  return scopes.get(req) ?? openScope(req)
}
