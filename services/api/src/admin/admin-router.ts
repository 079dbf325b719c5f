import { type AdminRoute, type AdminRouteName, adminRoutes, isBytes, usualAnswer } from '@kinoprint/contract'
import { Fault, type Log } from '@kinoprint/core'
import { type ErrorRequestHandler, type RequestHandler, Router } from 'express'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { RETRY_AFTER_SECONDS, reportFault } from '../http/report-fault.ts'
import { checkHost } from '../http/request-host.ts'
import { scopeOf } from '../http/request-scope.ts'
import { rejectNul } from '../http/request-target.ts'
import { addRoutes, type RouteTable } from '../http/route-table.ts'
import { refuseJson, sendJson, sendNoContent } from '../http/send.ts'
import { createConcurrencyLimiter } from '../limits/concurrency-limiter.ts'
import type { InFlightLimiter } from '../limits/in-flight-limiter.ts'
import { limitInFlight, limitRate } from '../limits/limit-in-flight.ts'
import { createContentTypes } from '../objects/content-type.ts'
import { createPreviews } from '../pictures/previews.ts'
import { createStills } from '../pictures/stills.ts'
import { runAudited } from './audit/run-audited.ts'
import { authenticate } from './authenticate.ts'
import { checkRole } from './check-role.ts'
import { createTokenCheck } from './check-token.ts'
import { createEventHub } from './events/event-hub.ts'
import type { AdminContext } from './handler.ts'
import { adminHandlers } from './handler-table.ts'
import { createObjectPresence } from './object-presence.ts'
import { readRequest } from './read-request.ts'

/** Concurrent bucket listings. Each holds every name in its bucket, about 100 bytes per name. */
const LISTINGS = { concurrency: 2, waitMs: 10_000 }

/** Concurrent comparisons within a request. Each worker runs one at a time. */
const COMPARISONS = { concurrency: 4, waitMs: 10_000 }

/** All routes under /admin, built from the route table: JSON, protected by the admin token or a session. */
export function adminRouter(context: ApiContext): Router {
  const router = Router({ caseSensitive: true, strict: false })
  const checkToken = createTokenCheck(context)
  router.use(limitRate(context.rate))
  router.use(authenticate({ ...context, checkToken }))
  router.use(checkHost)
  router.use(rejectNul)
  router.use((_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store')
    next()
  })
  const admin: AdminContext = {
    ...context,
    checkToken,
    events: createEventHub(context),
    contentTypes: createContentTypes(context.objects),
    objectPresence: createObjectPresence(context.objects),
    previews: createPreviews(context),
    stills: createStills(context.objects, context.pictures),
    objectListings: createConcurrencyLimiter(LISTINGS),
    comparing: createConcurrencyLimiter(COMPARISONS),
    maintenanceState: { running: null, reports: new Map() },
  }
  addRoutes(router, routeTable(admin), { prefix: '/admin' })
  router.use((req) => {
    throw new Fault('NotFound', `The route ${req.method} /admin${req.path} does not exist.`)
  })
  router.use(answerFault(context))
  return router
}

/** The route paths in Express syntax: `/objects/:bucket/*object`. */
function routeTable(context: AdminContext): RouteTable {
  const table: Record<string, Record<string, RequestHandler>> = {}
  for (const [name, route] of Object.entries(adminRoutes) as [AdminRouteName, AdminRoute][]) {
    const path = route.path
      .replace(/^\/admin/, '')
      .replace(/\{\+(\w+)\}/g, '*$1')
      .replace(/\{(\w+)\}/g, ':$1')
    table[path] = { ...table[path], [route.method]: serve(context, { name, route }) }
  }
  return table
}

type AnyHandler = (context: AdminContext, request: object) => Promise<unknown>

/** Validates a request against its route, calls its handler and sends the response. */
function serve(
  context: AdminContext,
  { name, route }: { name: AdminRouteName; route: AdminRoute },
): RequestHandler {
  const handler = adminHandlers[name] as AnyHandler
  const { status, body } = usualAnswer(route)
  const limiter = limiterOf(context, route)
  return async (req, res) => {
    const client = clientAddress(req)
    limitInFlight({ req, res }, limiter, client)
    const { actor, requestId } = scopeOf(req)
    checkRole(route, actor)
    const request = { ...(await readRequest(route, req)), client, by: actor?.name ?? null, req, res }
    const answer =
      actor === null
        ? await handler(context, request)
        : await runAudited(context.db, {
            name,
            request,
            origin: { actor, address: client, requestId },
            run: (db) => handler({ ...context, db }, request),
          })
    if (isBytes(body)) return
    if (body === null) sendNoContent(res)
    else sendJson(res, status, answer)
  }
}

/** Event streams and transfers last until their client ends them, so they do not use the slots of other requests. */
function limiterOf({ inFlight }: AdminContext, route: AdminRoute): InFlightLimiter {
  if (route.role === 'public') return inFlight.unauthenticated
  const { body } = usualAnswer(route)
  if (isBytes(body) && body.bytes === 'text/event-stream') return inFlight.events
  return isBytes(body) || isBytes(route.body) ? inFlight.transfers : inFlight.admin
}

function answerFault({ log }: { log: Log }): ErrorRequestHandler {
  return async (thrown: unknown, req, res, _next) => {
    const scope = scopeOf(req)
    scope.release()
    const { code, message, httpStatus, details } = reportFault({ log, scope }, thrown)
    if (res.headersSent) {
      res.destroy()
      return
    }
    // The handler may have allowed caching, or named the version of what it could not send.
    res.setHeader('Cache-Control', 'no-store')
    res.removeHeader('ETag')
    if (code === 'SlowDown') res.setHeader('Retry-After', RETRY_AFTER_SECONDS)
    const error = {
      code,
      message,
      requestId: scope.requestId,
      ...(Object.keys(details).length === 0 ? {} : { details }),
    }
    await refuseJson(res, httpStatus, { error })
  }
}
