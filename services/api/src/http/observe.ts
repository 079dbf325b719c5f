import type { Request, Response } from 'express'
import type { ApiContext } from '../context.ts'
import { openScope } from './request-scope.ts'
import { splitTarget } from './request-target.ts'

/** Gives a request its ids, and tells log and metrics how it ended. */
export function observe(
  { log, metrics }: Pick<ApiContext, 'log' | 'metrics'>,
  req: Request,
  res: Response,
): void {
  const scope = openScope(req)
  // Without the second one an official client repeats every 4xx, POST included.
  res.setHeader('x-ci-request-id', scope.requestId)
  res.setHeader('x-cos-request-id', scope.requestId)
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.once('close', () => {
    scope.release()
    const seconds = (performance.now() - scope.startedAtMs) / 1000
    const { method } = req
    metrics.observeRequest({ route: scope.route, method, status: res.statusCode, seconds })
    log.debug(
      {
        requestId: scope.requestId,
        secretId: scope.secretId,
        method,
        path: splitTarget(scope.target).path,
        status: res.statusCode,
        complete: res.writableFinished,
        ms: Math.round(seconds * 1000),
      },
      'Request',
    )
  })
}
