import { adminParametersOf, parseTarget } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { Request, RequestHandler } from 'express'
import { scopeOf } from '../http/request-scope.ts'
import { readJsonBody } from './read-json-body.ts'

/** A route as its router has it, e.g. `get` and `/objects/:bucket/*object`. */
type Route = { readonly verb: string; readonly path: string }

/**
 * Refuses parameters and, where a route takes no body, fields that its description does not have: a filter that is
 * silently passed over answers a question that was not asked. Bodies of other routes are checked by their schemas.
 */
export const refuseUnknown = ({ verb, path }: Route): RequestHandler => {
  const template = `/admin${path.replace(/[:*](\w+)/g, '{$1}')}`
  const route = `${verb.toUpperCase()} ${template}`
  const described = adminParametersOf(verb, template)
  if (described === undefined) throw new Error(`${route} is not in the OpenAPI document.`)
  const { query, takesBody } = described
  return async (req, _res, next) => {
    const given = parseTarget(scopeOf(req).target).query.map(([name]) => name)
    refuse(given, { known: query, kind: 'parameter', route })
    if (!takesBody && hasBody(req))
      refuse(fieldsOf(await readJsonBody(req)), { known: [], kind: 'field', route })
    next()
  }
}

type Rule = { readonly known: readonly string[]; readonly kind: string; readonly route: string }

const refuse = (given: readonly string[], { known, kind, route }: Rule): void => {
  const unknown = [...new Set(given.filter((name) => !known.includes(name)))]
  if (unknown.length === 0) return
  const names = unknown.map((name) => JSON.stringify(name)).join(', ')
  const takes = known.length === 0 ? `takes no ${kind}s` : `takes ${known.join(', ')}`
  throw new Fault('InvalidArgument', `Unknown ${kind} ${names}: ${route} ${takes}.`)
}

const hasBody = ({ headers, method }: Request): boolean =>
  method !== 'GET' &&
  method !== 'HEAD' &&
  (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)

const fieldsOf = (body: unknown): string[] => {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return Object.keys(body)
  throw new Fault('InvalidContent', 'The body is not a JSON object.')
}
