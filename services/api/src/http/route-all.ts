import { Fault } from '@kinoprint/core'
import type { RequestHandler, Router } from 'express'
import { scopeOf } from './request-scope.ts'

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** Handlers by path template and verb. */
export type RouteTable = Readonly<Record<string, Readonly<Partial<Record<Verb, RequestHandler>>>>>

type RouteOptions = {
  readonly prefix?: string
  readonly before?: RequestHandler
  /** Makes what runs right before the handler of one route. */
  readonly guard?: (route: { readonly verb: Verb; readonly path: string }) => RequestHandler
}

/** Adds a table's routes, each telling its template to the request's scope and refusing other verbs by name; `before` runs first. */
export function routeAll(
  router: Router,
  table: RouteTable,
  { prefix = '', before, guard }: RouteOptions = {},
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
        throw new Fault('InvalidUrl', `${req.method} is not possible here, only ${allowed}.`)
      }
      next()
    })
    for (const verb of verbs) {
      const handler = handlers[verb]
      if (handler)
        route[verb](...(before ? [before] : []), ...(guard ? [guard({ verb, path })] : []), handler)
    }
  }
}
