import type { RequestHandler } from 'express'
import type { ApiContext } from '../context.ts'
import type { RouteTable } from '../http/route-table.ts'
import { limitInFlightByAddress, limitRate } from '../limits/limit-in-flight.ts'
import { signInPages } from '../oidc/sign-in-pages.ts'
import { serveConsole } from './console.ts'
import { docs, openapi } from './docs.ts'
import { healthz, metrics, readyz } from './health.ts'
import { home } from './page.ts'

/** The public routes. All are limited per address, except /healthz, which costs nothing. */
export function pageRoutes(context: ApiContext): RouteTable {
  const limitRequests = limitRate(context.rate)
  const limitConcurrent = limitInFlightByAddress(context.inFlight.unauthenticated)
  const limited =
    (handler: RequestHandler): RequestHandler =>
    (req, res, next) => {
      let done: ReturnType<RequestHandler>
      limitRequests(req, res, () =>
        limitConcurrent(req, res, () => {
          done = handler(req, res, next)
        }),
      )
      return done
    }
  const console = context.consoleDir === null ? null : serveConsole(context.consoleDir)
  return {
    '/': { get: limited(console?.page ?? home()) },
    ...(console === null
      ? {}
      : {
          ...Object.fromEntries(
            Object.entries(signInPages(context)).map(([path, page]) => [path, { get: limited(page) }]),
          ),
          '/console': { get: limited(console.page) },
          '/console/*path': { get: limited(console.files) },
        }),
    '/docs': { get: limited(docs(context.openapi)) },
    '/openapi.json': { get: limited(openapi(context.openapi)) },
    '/healthz': { get: healthz() },
    '/readyz': { get: limited(readyz(context)) },
    '/metrics': { get: limited(metrics(context)) },
  }
}
