import type { Role } from '@kinoprint/core'
import type { z } from 'zod'

export type JsonSchema = { readonly [keyword: string]: unknown }

/** A query parameter of a Tencent route, which has no zod schema. */
export type PlainParameter = {
  readonly name: string
  readonly description: string
  readonly schema: JsonSchema
}

/** A body by its content type. Without a schema it may contain any bytes. */
export type Body = {
  readonly contentType: string
  /** Name of a schema under `components`. */
  readonly schema?: string
}

/** One operation of the document. */
export type Operation = {
  readonly method: 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete'
  /** Path parameters in braces; all of them are strings. */
  readonly path: string
  readonly summary: string
  readonly tag:
    | 'Jobs'
    | 'Libraries'
    | 'Queues'
    | 'Buckets'
    | 'Objects'
    | 'Admin'
    | 'Server'
    | 'Hasher-Matcher-Actioner'
  readonly auth: 'signature' | 'admin' | 'hma' | 'none'
  /** The lowest role that may call it, for admin operations. */
  readonly role?: Role
  readonly query?: z.ZodObject
  readonly plainQuery?: readonly PlainParameter[]
  readonly request?: Body
  /** Successful responses by status; null for no body. */
  readonly answers: { readonly [status: number]: Body | null }
  /** Further statuses, all with the error body of the API, and when each is returned. */
  readonly errors?: { readonly [status: number]: string }
}

export function xml(schema: string): Body {
  return { contentType: 'application/xml', schema }
}
