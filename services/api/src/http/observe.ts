import type { Request, Response } from 'express'
import type { ApiContext } from '../context.ts'
import { hideToken } from '../hma/hide-token.ts'
import { openScope } from './request-scope.ts'
import { splitTarget } from './request-target.ts'

/** Assigns request ids, and records the outcome in the log and the metrics. */
export function observe(
  { log, metrics }: Pick<ApiContext, 'log' | 'metrics'>,
  req: Request,
  res: Response,
): void {
  const scope = openScope(req)
  // Without x-cos-request-id, Node SDK 2.15 retries every 4xx response, even to POST.
  res.setHeader('x-ci-request-id', scope.requestId)
  res.setHeader('x-cos-request-id', scope.requestId)
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.once('close', () => {
    scope.release()
    const seconds = (performance.now() - scope.startedAtMs) / 1000
    const { method } = req
    const code = scope.errorCode ?? undefined
    metrics.observeRequest({ route: scope.route, method, status: res.statusCode, seconds, code })
    log.debug(
      {
        requestId: scope.requestId,
        secretId: scope.secretId,
        method,
        path: hideToken(splitTarget(scope.target).path),
        status: res.statusCode,
        complete: res.writableFinished,
        ms: Math.round(seconds * 1000),
      },
      'Request',
    )
  })
}
