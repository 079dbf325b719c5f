import { withLogFields } from '@kinoprint/core'
import express, { type Express, type Request, type Response, Router } from 'express'
import { adminRouter } from './admin/admin-router.ts'
import type { ApiContext, ApiOptions } from './context.ts'
import { objectRoutes } from './cos/object-routes.ts'
import { hmaRouter } from './hma/hma-router.ts'
import { clientAddress } from './http/client-address.ts'
import { createCors } from './http/cors.ts'
import { drainOrClose } from './http/drain-request.ts'
import { observe } from './http/observe.ts'
import { scopeOf } from './http/request-scope.ts'
import { normaliseRequestTarget } from './http/request-target.ts'
import { addRoutes } from './http/route-table.ts'
import { traceRequest } from './http/trace-request.ts'
import type { ConnectionLimiter } from './limits/connection-limiter.ts'
import { createInFlightLimiter } from './limits/in-flight-limiter.ts'
import { createKeyAttempts } from './limits/key-attempts.ts'
import { IN_FLIGHT_LIMITS } from './limits/limit-in-flight.ts'
import { createTokenBuckets } from './limits/token-bucket.ts'
import { pageRoutes } from './pages/page-routes.ts'
import { answerXmlFault } from './tencent/answer-fault.ts'
import { createKeyCache } from './tencent/key-cache.ts'
import { tencentRouter } from './tencent/tencent-router.ts'

/**
 * The Express application: the compatible API, /admin, health, metrics and documentation. It reads no environment and
 * opens no connections.
 *
 * @example createApp({ db, queue, objects, settings, secrets, log, metrics, openapi, thumbnailsDir: null })
 */
export function createApp(
  options: ApiOptions,
  { connections = null }: { readonly connections?: ConnectionLimiter | null } = {},
): Express {
  const { db, secrets, settings, log } = options
  const context: ApiContext = {
    ...options,
    cors: createCors(settings.corsOrigins),
    keys: createKeyCache({ db, encryptionKey: secrets.encryptionKey, log }),
    rate: createTokenBuckets({
      perSecond: settings.requestsPerSecond,
      burst: 2 * settings.requestsPerSecond,
    }),
    signatureAttempts: createKeyAttempts({ perMinute: settings.wrongKeysPerMinute }),
    tokenAttempts: createKeyAttempts({ perMinute: settings.wrongKeysPerMinute }),
    inFlight: {
      unauthenticated: createInFlightLimiter({ total: IN_FLIGHT_LIMITS.unauthenticated }),
      signed: createInFlightLimiter({ total: IN_FLIGHT_LIMITS.signed }),
      lists: createInFlightLimiter({ total: IN_FLIGHT_LIMITS.lists }),
      admin: createInFlightLimiter({ total: IN_FLIGHT_LIMITS.admin }),
      transfers: createInFlightLimiter({ total: IN_FLIGHT_LIMITS.transfers }),
      events: createInFlightLimiter({ total: IN_FLIGHT_LIMITS.events }),
    },
    connections,
  }
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('trust proxy', settings.trustProxy)
  const routes = router(context)
  app.use((req, res, next) => {
    normaliseRequestTarget(req)
    observe(context, req, res)
    allowOrigin(context, req, res)
    connections?.attach(req, res, clientAddress(req))
    res.once('finish', () => void drainOrClose(req))
    // Called directly: a mounted router would have parsed the target before it was normalised.
    const { requestId } = scopeOf(req)
    withLogFields({ requestId }, () => traceRequest(req, res, () => routes(req, res, next)))
  })
  return app
}

/** Sets the CORS headers of every response except those of /admin and /hma, which no web page may call. */
function allowOrigin({ cors }: ApiContext, req: Request, res: Response): void {
  if (/^\/(?:admin|hma)(?:[/?]|$)/.test(req.url)) return
  for (const [name, value] of Object.entries(cors.headersOf(req.headers.origin))) res.setHeader(name, value)
}

function router(context: ApiContext): Router {
  const routes = Router({ caseSensitive: true })
  const calls = objectRoutes(context)
  // First, because the host of a bucket has no other routes.
  routes.use(calls.named)
  routes.use('/admin', adminRouter(context))
  const { hmaToken } = context.settings
  if (hmaToken !== null) routes.use('/hma', hmaRouter(context, hmaToken))
  addRoutes(routes, pageRoutes(context))
  routes.use(tencentRouter(context, { others: calls.others }))
  routes.use(answerXmlFault(context))
  return routes
}
