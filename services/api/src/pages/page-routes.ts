import type { ApiContext } from '../context.ts'
import type { RouteTable } from '../http/route-all.ts'
import { docs } from './docs.ts'
import { healthz } from './healthz.ts'
import { home } from './home.ts'
import { metrics } from './metrics.ts'
import { openapi } from './openapi.ts'
import { readyz } from './readyz.ts'

/** What anybody may see. */
export const pageRoutes = (context: ApiContext): RouteTable => ({
  '/': { get: home() },
  '/docs': { get: docs(context.openapi) },
  '/openapi.json': { get: openapi(context.openapi) },
  '/healthz': { get: healthz() },
  '/readyz': { get: readyz(context) },
  '/metrics': { get: metrics(context) },
})
