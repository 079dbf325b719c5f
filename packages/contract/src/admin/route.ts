import type { Role } from '@kinoprint/core'
import type { z } from 'zod'

/** A body that is not JSON: bytes of this content type. */
export type Bytes = { readonly bytes: string }

/**
 * One route: what the router checks and returns, what the OpenAPI document shows, and what a client can call. Its name
 * in the table is the name of its handler and of the client's method.
 */
export type AdminRoute = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** `{name}` is one segment; `{+name}` is the rest of the path, including slashes. Parameters are strings. */
  readonly path: `/${string}`
  readonly summary: string
  /** The lowest role that may call it, or `public` for anyone. The holder of the admin token has the role admin. */
  readonly role: Role | 'public'
  readonly query?: z.ZodObject
  readonly body?: z.ZodType | Bytes
  /** Response bodies by status, the usual status first; null for no body. */
  readonly answers: { readonly [status: number]: z.ZodType | Bytes | null }
  /** Further statuses, all with the error body, and when each is returned. */
  readonly errors?: { readonly [status: number]: string }
}

/** Declares the routes of one resource. A route without a role does not compile. */
export function adminRoutesOf<const Routes extends Readonly<Record<string, AdminRoute>>>(
  routes: Routes,
): Routes {
  return routes
}

/** Whether a body is sent as bytes instead of JSON. */
export function isBytes(body: z.ZodType | Bytes | null | undefined): body is Bytes {
  return body !== null && body !== undefined && 'bytes' in body
}

/** The status and the body of a route's usual response. */
export function usualAnswer({ answers }: Pick<AdminRoute, 'answers'>): {
  readonly status: number
  readonly body: z.ZodType | Bytes | null
} {
  const [first] = Object.entries(answers)
  if (first === undefined) throw new Error('A route without an answer.')
  return { status: Number(first[0]), body: first[1] }
}

type ParameterName<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `+${infer Bare}` ? Bare : Name) | ParameterName<Rest>
  : never

/** Recursively `readonly`, so that a database row is assignable without a copy. */
export type Frozen<T> = unknown extends T ? T : { readonly [Key in keyof T]: Frozen<T[Key]> }

/** The parameters of a route's path. */
export type ParametersOf<Route extends AdminRoute> = {
  readonly [Name in ParameterName<Route['path']>]: string
}

/** The query of a route after validation, with defaults filled in. */
export type QueryOf<Route extends AdminRoute> = Route extends {
  readonly query: infer Query extends z.ZodType
}
  ? Frozen<z.output<Query>>
  : unknown

/** The JSON body of a route after validation, with defaults filled in. */
export type BodyOf<Route extends AdminRoute> = Route extends { readonly body: infer Body extends z.ZodType }
  ? Frozen<z.output<Body>>
  : unknown

/**
 * What a route returns: JSON of its schema, `undefined` for no body, `Other` for bytes. Without 304, which only browsers
 * ask for.
 */
export type AnswerOf<Route extends AdminRoute, Other> = AnswerBody<
  Route['answers'][Exclude<keyof Route['answers'], 304>],
  Other
>

type AnswerBody<Body, Other> = Body extends z.ZodType
  ? Frozen<z.output<Body>>
  : Body extends Bytes
    ? Other
    : undefined
