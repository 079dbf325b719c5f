import { type HmaRoute, type HmaRouteName, hmaRoutes } from '@kinoprint/contract'
import { Fault, type Log } from '@kinoprint/core'
import { type ErrorRequestHandler, type Request, type RequestHandler, Router } from 'express'
import { createTokenCheck } from '../admin/check-token.ts'
import type { ApiContext } from '../context.ts'
import { clientAddress } from '../http/client-address.ts'
import { RETRY_AFTER_SECONDS, reportFault } from '../http/report-fault.ts'
import { scopeOf } from '../http/request-scope.ts'
import { rejectNul } from '../http/request-target.ts'
import { addRoutes, type RouteTable } from '../http/route-table.ts'
import { refuseJson, sendJson } from '../http/send.ts'
import { createConcurrencyLimiter } from '../limits/concurrency-limiter.ts'
import { limitInFlightByAddress, limitRate } from '../limits/limit-in-flight.ts'
import * as banks from './banks.ts'
import * as contents from './contents.ts'
import type { HmaContext, HmaHandler } from './hma-context.ts'
import * as lookups from './lookups.ts'

/** Each lookup compares up to 20 fingerprints. */
const LOOKUPS = { concurrency: 2, waitMs: 10_000 }
/** Each worker hashes one file at a time. */
const HASHING = { concurrency: 4, waitMs: 10_000 }

/**
 * The routes that clients of Meta's Hasher-Matcher-Actioner 1.1 call (docs/hma.md), protected by HMA_TOKEN. Such clients
 * know a base URL only, so the token may also be its last segment.
 */
export function hmaRouter(context: ApiContext, hmaToken: string): Router {
  const router = Router({ caseSensitive: true })
  const checkToken = createTokenCheck({ ...context, secrets: { ...context.secrets, adminToken: hmaToken } })
  router.use(limitRate(context.rate))
  router.use(limitInFlightByAddress(context.inFlight.admin))
  router.use(rejectNul)
  router.use((req, res, next) => {
    res.setHeader('Cache-Control', 'no-store')
    checkToken(takeToken(req), clientAddress(req))
    next()
  })
  const hma: HmaContext = {
    ...context,
    lookups: createConcurrencyLimiter(LOOKUPS),
    hashing: createConcurrencyLimiter(HASHING),
  }
  addRoutes(router, routeTable(hma), { prefix: '/hma' })
  router.use((req) => {
    throw new Fault('NotFound', `The route ${req.method} ${req.path} does not exist.`)
  })
  router.use(answerFault(context))
  return router
}

/** The token of a header, or the first segment of the path, which is taken away. */
function takeToken(req: Request): string {
  const { authorization = '' } = req.headers
  const [, bearer] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  if (bearer !== undefined) return bearer
  const [, basic] = /^Basic +([\w+/=]+)$/i.exec(authorization) ?? []
  if (basic !== undefined)
    return Buffer.from(basic, 'base64')
      .toString()
      .replace(/^[^:]*:/, '')
  const [, segment, rest] = /^\/([^/?]+)(\/.*)$/.exec(req.url) ?? []
  if (segment === undefined || rest === undefined || /^[cmh]$/.test(segment))
    throw new Fault(
      'Unauthorized',
      'Send HMA_TOKEN as a bearer token, as a password, or in the path: /hma/TOKEN/c/banks.',
    )
  req.url = rest
  return decodeURIComponent(segment)
}

/** The handler of each route of the table. A route without one, or one without a route, does not compile. */
const handlers: Readonly<Record<HmaRouteName, HmaHandler>> = {
  status: async () => 'I-AM-ALIVE',
  live: async () => 'I-AM-ALIVE',
  hashAddress: contents.hash,
  hashFile: contents.hash,
  lookup: lookups.lookup,
  lookupFile: lookups.lookup,
  rawLookup: lookups.rawLookup,
  compare: lookups.compare,
  indexStatus: lookups.indexStatus,
  listSignalTypes: lookups.listSignalTypes,
  listExchanges: async () => [],
  listExchangeApis: async () => [],
  listBanks: banks.listBanks,
  createBank: banks.createBank,
  showBank: banks.showBank,
  updateBank: banks.updateBank,
  deleteBank: banks.deleteBank,
  addContent: contents.addContent,
  addSignals: contents.addSignals,
  showContent: contents.showContent,
  updateContent: contents.updateContent,
  deleteContent: contents.deleteContent,
}

/** The routes of the contract in Express syntax: `/c/bank/:bank`. Each answers with its documented status. */
function routeTable(context: HmaContext): RouteTable {
  const table: Record<string, Record<string, RequestHandler>> = {}
  for (const [name, { method, path, answers }] of Object.entries(hmaRoutes) as [HmaRouteName, HmaRoute][]) {
    const [status] = Object.keys(answers).map(Number)
    const route = path.replace(/\{(\w+)\}/g, ':$1')
    table[route] = { ...table[route], [method]: serve(context, handlers[name], status) }
  }
  return table
}

function serve(context: HmaContext, handler: HmaHandler, status = 200): RequestHandler {
  return async (req, res) => {
    const answer = await handler(context, req)
    if (typeof answer === 'string') res.status(status).type('text/plain').end(answer)
    else sendJson(res, status, answer)
  }
}

/** Errors have the form of HMA. */
function answerFault({ log }: { log: Log }): ErrorRequestHandler {
  return async (thrown: unknown, req, res, _next) => {
    const scope = scopeOf(req)
    scope.release()
    const { code, message, httpStatus } = reportFault({ log, scope }, thrown)
    if (res.headersSent) {
      res.destroy()
      return
    }
    if (code === 'SlowDown') res.setHeader('Retry-After', RETRY_AFTER_SECONDS)
    if (code === 'Unauthorized') res.setHeader('WWW-Authenticate', 'Bearer realm="kinoprint"')
    await refuseJson(res, httpStatus, { message })
  }
}
