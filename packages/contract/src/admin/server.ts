import { z } from 'zod'
import type { AdminRoute } from './route.ts'

const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health', examples: [{ status: 'ok' }] })

const part = z.object({ part: z.string(), message: z.string() })

const readiness = z
  .object({
    status: z.enum(['ready', 'unavailable']),
    failing: z.array(part),
    warnings: z.array(part).describe('Parts that work, but with a problem. The status stays 200.'),
  })
  .meta({ id: 'Readiness', examples: [{ status: 'ready', failing: [], warnings: [] }] })
export type ReadinessBody = z.output<typeof readiness>

const publicRoute = { method: 'get', role: 'public' } as const
const page = { bytes: 'text/html' } as const

/** Routes outside /admin that need no token: health, metrics and documentation. */
export const serverRoutes = {
  getHealth: {
    ...publicRoute,
    path: '/healthz',
    summary: 'Whether the process answers',
    answers: { 200: health },
  },
  getReadiness: {
    ...publicRoute,
    path: '/readyz',
    summary: 'Whether the server can serve; 503 names the parts that fail',
    answers: { 200: readiness, 503: readiness },
  },
  getMetrics: {
    ...publicRoute,
    path: '/metrics',
    summary: 'Metrics in the Prometheus text format',
    answers: { 200: { bytes: 'text/plain' } },
  },
  getHome: { ...publicRoute, path: '/', summary: 'The start page', answers: { 200: page } },
  getDocs: { ...publicRoute, path: '/docs', summary: 'The API documentation', answers: { 200: page } },
  getOpenApi: {
    ...publicRoute,
    path: '/openapi.json',
    summary: 'This document',
    answers: { 200: { bytes: 'application/json' } },
  },
} as const satisfies Readonly<Record<string, AdminRoute>>
