import { type AdminRoute, isBytes, parseTarget, validate } from '@kinoprint/contract'
import { errorText, Fault } from '@kinoprint/core'
import type { Request } from 'express'
import { readBody } from '../http/read-body.ts'
import { scopeOf } from '../http/request-scope.ts'
import { splitTarget } from '../http/request-target.ts'

/** Far above the longest legitimate body, a key's policy. */
const JSON_BYTES_MAX = 1_048_576

type Checked = {
  readonly params: Readonly<Record<string, string>>
  readonly query: unknown
  readonly body: unknown
}

/**
 * The path parameters, query and body of a request, checked by the schemas of its route. Refuses every parameter and
 * field that the route does not have: silently ignoring a filter would return wrong results.
 */
export async function readRequest(route: AdminRoute, req: Request): Promise<Checked> {
  const { query, body } = route
  const fields = parseTarget(scopeOf(req).target).query
  refuseUnknown(
    fields.map(([name]) => name),
    { known: Object.keys(query?.shape ?? {}), kind: 'parameter', route },
  )
  if (body === undefined && hasBody(req))
    refuseUnknown(fieldsOf(await readJsonBody(req)), { known: [], kind: 'field', route })
  return {
    query: query && validate(query, toRecord(fields)),
    body: body === undefined || isBytes(body) ? undefined : validate(body, await readJsonBody(req)),
    params: route.path.includes('{+')
      ? rawParams(route, scopeOf(req).target)
      : (req.params as Readonly<Record<string, string>>),
  }
}

type Rule = { readonly known: readonly string[]; readonly kind: string; readonly route: AdminRoute }

function refuseUnknown(given: readonly string[], { known, kind, route }: Rule): void {
  const unknown = [...new Set(given.filter((name) => !known.includes(name)))]
  if (unknown.length === 0) return
  const names = unknown.map((name) => JSON.stringify(name)).join(', ')
  const takes = known.length === 0 ? `takes no ${kind}s` : `takes ${known.join(', ')}`
  const operation = `${route.method.toUpperCase()} ${route.path.replaceAll('{+', '{')}`
  throw new Fault('InvalidArgument', `Unknown ${kind} ${names}: ${operation} ${takes}.`)
}

function hasBody({ headers, method }: Request): boolean {
  if (method === 'GET' || method === 'HEAD') return false
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function fieldsOf(body: unknown): string[] {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return Object.keys(body)
  throw new Fault('InvalidContent', 'The body is not a JSON object.')
}

/** An empty value counts as absent. */
function toRecord(fields: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const record = new Map<string, string>()
  for (const [name, value] of fields) {
    if (value === '') continue
    if (record.has(name))
      throw new Fault('InvalidArgument', `Parameter ${name} is given twice. Send it once.`)
    record.set(name, value)
  }
  return Object.fromEntries(record)
}

/** An absent body counts as `{}`. */
async function readJsonBody(req: Request): Promise<unknown> {
  const body = await readBody(req, { maxBytes: JSON_BYTES_MAX })
  if (body.length === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (cause) {
    throw new Fault('InvalidContent', `The body is not valid JSON: ${errorText(cause)}`, { cause })
  }
}

/**
 * The parameters of a path that ends in `{+name}`, from the target as received: Express would decode the rest segment by
 * segment and drop a trailing slash. The object store decides which names are valid.
 */
export function rawParams({ path }: Pick<AdminRoute, 'path'>, target: string): Record<string, string> {
  const template = path.split('/')
  const segments = splitTarget(target).path.split('/')
  const params = template.flatMap((part, index) => {
    const [, rest, name] = /^\{(\+?)(\w+)\}$/.exec(part) ?? []
    const value = rest === '+' ? segments.slice(index).join('/') : (segments[index] ?? '')
    if (name === undefined ? value !== part : value === '')
      throw new Fault('InvalidArgument', `The path has no ${name ?? part}.`)
    return name === undefined ? [] : [[name, decodeURIComponent(value)] as const]
  })
  return Object.fromEntries(params)
}
