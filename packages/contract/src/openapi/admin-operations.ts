import { z } from 'zod'
import { errorBody } from '../admin/fields.ts'
import { type AdminRoute, type Bytes, isBytes } from '../admin/route.ts'
import { adminRoutes } from '../admin/routes.ts'
import { serverRoutes } from '../admin/server.ts'
import type { Body, JsonSchema, Operation } from './operation.ts'

const routes: readonly AdminRoute[] = [...Object.values(adminRoutes), ...Object.values(serverRoutes)]

/** The table of admin routes as operations of the OpenAPI document. */
export const adminOperations: readonly Operation[] = routes.map(
  ({ path, role, body, answers, ...route }): Operation => ({
    ...route,
    path: path.replaceAll('{+', '{'),
    tag: path.startsWith('/admin/') ? 'Admin' : 'Server',
    auth: role === 'public' ? 'none' : 'admin',
    ...(role === 'public' ? {} : { role }),
    ...(body === undefined ? {} : { request: bodyOf(body) }),
    answers: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, answer === null ? null : bodyOf(answer)]),
    ),
  }),
)

function bodyOf(body: z.ZodType | Bytes): Body {
  return isBytes(body)
    ? { contentType: body.bytes }
    : { contentType: 'application/json', schema: nameOf(body) }
}

/** The name that `.meta({ id })` gave to a schema. */
function nameOf(schema: z.ZodType): string {
  const name = z.globalRegistry.get(schema)?.id
  if (name === undefined)
    throw new Error('A body of a route has no name. Give its schema one: .meta({ id }).')
  return name
}

/** The JSON Schema of every named body: requests as clients may send them, responses as the server sends them. */
export function adminSchemas(): Readonly<Record<string, JsonSchema>> {
  const bodies = routes.flatMap(({ body }) => schemaOf(body))
  const answers = routes.flatMap((route) => Object.values(route.answers).flatMap(schemaOf))
  return { ...namedSchemas(bodies, 'input'), ...namedSchemas([errorBody, ...answers], 'output') }
}

function schemaOf(body: z.ZodType | Bytes | null | undefined): z.ZodType[] {
  return body === null || body === undefined || isBytes(body) ? [] : [body]
}

/** The schemas and every named schema within them. */
function namedSchemas(schemas: readonly z.ZodType[], io: 'input' | 'output'): Record<string, JsonSchema> {
  const found = schemas.flatMap((schema) => Object.entries(z.toJSONSchema(schema, { io }).$defs ?? {}))
  return Object.fromEntries(found.map(([name, schema]) => [name, inComponents(schema as JsonSchema)]))
}

/** References point to the document's components; a standalone schema has them in `$defs`. */
function inComponents(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema
}
