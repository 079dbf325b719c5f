import { errorText, Fault, type FaultCode, faultTable } from '@kinoprint/core'
import type { z } from 'zod'
import { type AdminRoute, type Frozen, isBytes, type ParametersOf, usualAnswer } from './route.ts'
import { type AdminRouteName, adminRoutes, type RouteAnswer } from './routes.ts'

type Routes = typeof adminRoutes

/** The input of a call: `params` of the path, `query` and `body`, as far as the route defines them. */
type AdminCall<Name extends AdminRouteName> = ParametersInput<ParametersOf<Routes[Name]>> &
  QueryInput<Routes[Name]> &
  BodyInput<Routes[Name]>

type ParametersInput<Parameters> = keyof Parameters extends never ? unknown : { readonly params: Parameters }

type QueryInput<Route> = Route extends { readonly query: infer Query extends z.ZodObject }
  ? { readonly query?: { readonly [Field in keyof z.output<Query>]?: z.output<Query>[Field] | undefined } }
  : unknown

type BodyInput<Route> = Route extends { readonly body: infer Body }
  ? { readonly body: Body extends z.ZodType ? Frozen<z.input<Body>> : BodyBytes }
  : unknown

type BodyBytes = NonNullable<RequestInit['body']>

type CallArguments<Call> = unknown extends Call
  ? []
  : Partial<Call> extends Call
    ? [call?: Call]
    : [call: Call]

/** One method for each route, by its name. A route that returns bytes or events resolves to the `Response`. */
export type AdminClient = {
  readonly [Name in AdminRouteName]: (...call: CallArguments<AdminCall<Name>>) => Promise<RouteAnswer<Name>>
}

/** A call whose types have been checked. */
export type UncheckedCall = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: unknown
}

/**
 * A client whose methods all go through `call`. It connects the types of the table with code that treats all routes
 * alike.
 */
export function adminClientOf(
  call: (name: AdminRouteName, sent: UncheckedCall) => Promise<unknown>,
): AdminClient {
  const names = Object.keys(adminRoutes) as AdminRouteName[]
  const methods = names.map((name) => [name, (sent: UncheckedCall = {}) => call(name, sent)])
  return Object.fromEntries(methods)
}

/** How a client authenticates: the admin token, or the headers of a session. */
type Authentication = string | { readonly headers: Readonly<Record<string, string>> }

/**
 * A client of the admin API at `baseUrl`, e.g. `http://127.0.0.1:8080`. An error response is thrown as a Fault with the
 * server's code and message, an unreachable server as ServiceUnavailable.
 *
 * @example await createAdminClient(url, token).createLibrary({ body: { name: 'films' } })
 */
export function createAdminClient(baseUrl: string, authentication: Authentication): AdminClient {
  const credentials =
    typeof authentication === 'string'
      ? { authorization: `Bearer ${authentication}` }
      : authentication.headers
  const server = withoutSlashes(baseUrl)
  return adminClientOf(async (name, sent) => {
    const route: AdminRoute = adminRoutes[name]
    const isJson = route.body !== undefined && !isBytes(route.body)
    const response = await fetch(`${server}${targetOf(route, sent)}`, {
      method: route.method.toUpperCase(),
      headers: {
        ...credentials,
        ...(isJson ? { 'content-type': 'application/json' } : {}),
      },
      ...(sent.body === undefined
        ? {}
        : { body: isJson ? JSON.stringify(sent.body) : (sent.body as BodyBytes) }),
      // fetch requires this for a stream.
      ...(sent.body instanceof ReadableStream ? { duplex: 'half' } : {}),
    }).catch((cause: unknown) => {
      throw new Fault('ServiceUnavailable', `Could not reach the server at ${server}: ${errorText(cause)}.`, {
        cause,
      })
    })
    if (!response.ok) throw faultOf(response.status, await response.text())
    const { body } = usualAnswer(route)
    if (isBytes(body)) return response
    if (body === null) return undefined
    const answer = body.safeParse(await response.json().catch(() => undefined))
    if (answer.success) return answer.data
    throw new Fault(
      'ServiceUnavailable',
      `The server at ${server} sent a response in another format. Use the same version of Kinoprint on both sides.`,
      { cause: answer.error },
    )
  })
}

/** The address without slashes at its end. */
function withoutSlashes(address: string): string {
  let end = address.length
  while (address[end - 1] === '/') end--
  return address.slice(0, end)
}

/** The path with its parameters and query. Slashes in a `{+name}` are kept. */
function targetOf({ path }: AdminRoute, { params = {}, query = {} }: UncheckedCall): string {
  const target = path.replace(/\{(\+?)(\w+)\}/g, (_, rest: string, name: string) => {
    const value = params[name] ?? ''
    return rest === '' ? encodeURIComponent(value) : value.split('/').map(encodeURIComponent).join('/')
  })
  const fields = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) fields.set(name, String(value))
  return fields.size === 0 ? target : `${target}?${fields}`
}

/** Converts an error response to a Fault. The error page of a proxy has no code, so its status decides. */
function faultOf(status: number, text: string): Fault {
  const { code, message = `The server returned status ${status}.` } = errorOf(text)
  if (code !== undefined && Object.hasOwn(faultTable, code)) return new Fault(code as FaultCode, message)
  const codes: Readonly<Record<number, FaultCode>> = { 401: 'Unauthorized', 404: 'NotFound', 409: 'Conflict' }
  return new Fault(codes[status] ?? (status < 500 ? 'InvalidArgument' : 'ServiceUnavailable'), message)
}

function errorOf(text: string): { code?: string; message?: string } {
  try {
    return (JSON.parse(text) as { error?: { code?: string; message?: string } }).error ?? {}
  } catch {
    return {}
  }
}
