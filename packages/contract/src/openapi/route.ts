import type { z } from 'zod'

export type JsonSchema = { readonly [keyword: string]: unknown }

/** One parameter of a Tencent route, which has no zod schema. */
export type PlainParameter = {
  readonly name: string
  readonly description: string
  readonly schema: JsonSchema
}

export type Body = {
  readonly contentType: string
  /** Name of a schema under components. Absent: bytes of every kind. */
  readonly schema?: string
}

/** One operation, from which its part of the document is made. */
export type RouteSpec = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Path parameters in braces; all of them are strings. */
  readonly path: string
  readonly summary: string
  readonly tag: 'Jobs' | 'Libraries' | 'Queues' | 'Admin' | 'Server'
  readonly auth: 'signature' | 'admin' | 'none'
  readonly query?: z.ZodObject
  readonly plainQuery?: readonly PlainParameter[]
  readonly request?: Body
  /** Successful answers by status; null for one without a body. */
  readonly answers: { readonly [status: number]: Body | null }
  /** Further statuses, answered with the error body of the route's kind, each with its cause. */
  readonly errors?: { readonly [status: number]: string }
}

const jsonType = 'application/json'
const xmlType = 'application/xml'

export const json = (schema: string): Body => ({ contentType: jsonType, schema })
export const xml = (schema: string): Body => ({ contentType: xmlType, schema })
