import { Fault } from '@kinoprint/core'
import type { RequestHandler, Router } from 'express'
import { scopeOf } from './request-scope.ts'

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** Handlers by path template and verb. */
export type RouteTable = Readonly<Record<string, Readonly<Partial<Record<Verb, RequestHandler>>>>>

/**
 * Adds the routes of a table. Each route records its template in the request's scope, and rejects other methods with an Allow header.
 */
export function addRoutes(
  router: Router,
  table: RouteTable,
  { prefix = '' }: { readonly prefix?: string } = {},
): void {
  for (const [path, handlers] of Object.entries(table)) {
    const verbs = Object.keys(handlers) as Verb[]
    const route = router.route(path)
    route.all((req, res, next) => {
      scopeOf(req).route = `${prefix}${path}`
      const verb = req.method === 'HEAD' ? 'get' : req.method.toLowerCase()
      if (!Object.hasOwn(handlers, verb)) {
        const allowed = verbs.map((name) => name.toUpperCase()).join(', ')
        res.setHeader('Allow', allowed)
        throw new Fault('InvalidUrl', `${req.method} is not supported here. Use ${allowed}.`)
      }
      next()
    })
    for (const verb of verbs) {
      const handler = handlers[verb]
      if (handler) route[verb](handler)
    }
  }
}
