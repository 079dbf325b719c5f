import { z } from 'zod'
import { adminRoutes } from './admin-routes.ts'
import { adminSchemas } from './admin-schemas.ts'
import type { Body, JsonSchema, RouteSpec } from './route.ts'
import { tencentRoutes } from './tencent-routes.ts'
import { tencentSchemas } from './tencent-schemas.ts'

export type OpenApiOptions = { readonly version: string; readonly serverUrl?: string }

export type OpenApiDocument = {
  readonly openapi: '3.1.0'
  readonly info: JsonSchema
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly securitySchemes: Readonly<Record<string, JsonSchema>>
  }
}

export const allRoutes: readonly RouteSpec[] = [...tencentRoutes, ...adminRoutes]

/** What a route of /admin takes beside its path; undefined where the document does not describe it. */
export const adminParametersOf = (
  method: string,
  path: string,
): { readonly query: readonly string[]; readonly takesBody: boolean } | undefined => {
  const route = adminRoutes.find((one) => one.method === method && one.path === path)
  if (route === undefined) return undefined
  return { query: Object.keys(route.query?.shape ?? {}), takesBody: route.request !== undefined }
}

const contentOf = (body: Body): JsonSchema => ({
  [body.contentType]:
    body.schema === undefined ? {} : { schema: { $ref: `#/components/schemas/${body.schema}` } },
})

const pathParameters = (path: string): JsonSchema[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))

const zodParameters = (query: z.ZodObject): JsonSchema[] => {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' })
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as JsonSchema
    return { name, in: 'query', ...(description === undefined ? {} : { description }), schema }
  })
}

const errorBody = ({ auth }: RouteSpec): Body =>
  auth === 'signature'
    ? { contentType: 'application/xml', schema: 'XmlError' }
    : { contentType: 'application/json', schema: 'Error' }

const responsesOf = (route: RouteSpec): JsonSchema => {
  const answers = Object.entries(route.answers).map(([status, body]) => [
    status,
    { description: route.summary, ...(body === null ? {} : { content: contentOf(body) }) },
  ])
  const unsigned = route.auth === 'none' ? {} : { 401: 'The request does not say who asks, or not rightly.' }
  const errors = Object.entries({ ...unsigned, ...route.errors }).map(([status, description]) => [
    status,
    { description, content: contentOf(errorBody(route)) },
  ])
  return Object.fromEntries([...answers, ...errors])
}

const securityOf = ({ auth }: RouteSpec): JsonSchema[] => {
  const schemes = { signature: [{ signature: [] }], admin: [{ adminToken: [] }], none: [] }
  return schemes[auth]
}

const operationId = ({ method, path }: RouteSpec): string =>
  `${method}${path.replace(/[/_.{}-]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}` || method

const operationOf = (route: RouteSpec): JsonSchema => {
  const parameters = [
    ...pathParameters(route.path),
    ...(route.query === undefined ? [] : zodParameters(route.query)),
    ...(route.plainQuery ?? []).map((parameter) => ({ ...parameter, in: 'query' })),
  ]
  return {
    operationId: operationId(route),
    summary: route.summary,
    tags: [route.tag],
    security: securityOf(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.request === undefined
      ? {}
      : { requestBody: { required: true, content: contentOf(route.request) } }),
    responses: responsesOf(route),
  }
}

const pathsOf = (routes: readonly RouteSpec[]): OpenApiDocument['paths'] => {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) }
  }
  return paths
}

const tags = [
  { name: 'Jobs', description: 'Compatible with Tencent Cloud CI: XML, signed with q-sign-algorithm=sha1.' },
  { name: 'Libraries', description: 'Compatible with Tencent Cloud CI.' },
  { name: 'Queues', description: 'Compatible with Tencent Cloud CI.' },
  { name: 'Admin', description: 'JSON, with the admin token.' },
  { name: 'Server', description: 'Health, metrics and pages; open to all.' },
] as const

/**
 * The OpenAPI 3.1 document of every route, its JSON bodies made from the schemas that check them.
 *
 * @example openApiDocument({ version: '0.1.0' }).paths['/jobs']
 */
export const openApiDocument = ({ version, serverUrl = '/' }: OpenApiOptions): OpenApiDocument => ({
  openapi: '3.1.0',
  info: {
    title: 'Kinoprint',
    version,
    description: 'Finds copied passages in video and says which seconds match.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: serverUrl }],
  tags,
  paths: pathsOf(allRoutes),
  components: {
    schemas: { ...tencentSchemas, ...adminSchemas() },
    securitySchemes: {
      adminToken: { type: 'http', scheme: 'bearer' },
      signature: {
        type: 'apiKey',
        in: 'header',
        name: 'Authorization',
        description: 'q-sign-algorithm=sha1&q-ak=…&q-signature=…, as the official clients make it.',
      },
    },
  },
})
