import { inSpan, isTracing } from '@kinoprint/core'
import type { Request, Response } from 'express'
import { scopeOf } from './request-scope.ts'

/** Requests of monitors, which come every few seconds. */
const UNTRACED = /^\/(?:healthz|readyz|metrics)$/

/**
 * Answers a request as a span, from here to the end of the response. It continues the trace that the client names in
 * `traceparent`. Neither the path nor the query becomes an attribute, because both can hold names and signatures.
 */
export function traceRequest(req: Request, res: Response, answer: () => void): void {
  if (!isTracing() || UNTRACED.test(req.path)) {
    answer()
    return
  }
  const { method } = req
  const { requestId } = scopeOf(req)
  const attributes = { 'http.request.method': method, 'kinoprint.request_id': requestId }
  const start = { name: method, kind: 'server', parent: req.get('traceparent') ?? null, attributes } as const
  void inSpan(start, async (span) => {
    const closed = new Promise<void>((resolve) => res.once('close', resolve))
    answer()
    await closed
    const { route } = scopeOf(req)
    span.rename(`${method} ${route}`)
    span.set({ 'http.route': route, 'http.response.status_code': res.statusCode })
    if (res.statusCode >= 500) span.fail(String(res.statusCode))
  })
}
