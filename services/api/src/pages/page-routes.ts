import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import { limitRate } from '../http/limit-rate.ts'
import type { RouteTable } from '../http/route-all.ts'
import { byAddress } from '../http/take-place.ts'
import { docs } from './docs.ts'
import { healthz } from './healthz.ts'
import { home } from './home.ts'
import { metrics } from './metrics.ts'
import { openapi } from './openapi.ts'
import { readyz } from './readyz.ts'

/** What anybody may see. Only /healthz, which costs nothing, is answered however often it is asked. */
export const pageRoutes = (context: ApiContext): RouteTable => {
  const limit = limitRate(context.rate)
  const takePlace = byAddress(context.shares.strangers)
  const limited =
    (handler: RequestHandler): RequestHandler =>
    (req, res, next) => {
      let done: ReturnType<RequestHandler>
      limit(req, res, () =>
        takePlace(req, res, () => {
          done = handler(req, res, next)
        }),
      )
      return done
    }
  return {
    '/': { get: limited(home()) },
    '/docs': { get: limited(docs(context.openapi)) },
    '/openapi.json': { get: limited(openapi(context.openapi)) },
    '/healthz': { get: healthz() },
    '/readyz': { get: limited(readyz(context)) },
    '/metrics': { get: limited(metrics(context)) },
  }
}
