import { z } from 'zod'
import { hmaSchemas } from '../hma/schemas.ts'
import { adminOperations, adminSchemas } from './admin-operations.ts'
import { hmaOperations } from './hma-operations.ts'
import type { Body, JsonSchema, Operation } from './operation.ts'
import { tencentOperations } from './tencent-operations.ts'
import { tencentSchemas } from './tencent-schemas.ts'

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

export const allOperations: readonly Operation[] = [
  ...tencentOperations,
  ...adminOperations,
  ...hmaOperations,
]

function contentOf(body: Body): JsonSchema {
  const schema = body.schema === undefined ? {} : { schema: { $ref: `#/components/schemas/${body.schema}` } }
  return { [body.contentType]: schema }
}

function pathParameters(path: string): JsonSchema[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  return names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
}

function queryParameters(query: z.ZodObject): JsonSchema[] {
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' })
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as JsonSchema
    return { name, in: 'query', ...(description === undefined ? {} : { description }), schema }
  })
}

const jsonError: Body = { contentType: 'application/json', schema: 'Error' }
const errorBodies: Readonly<Record<Operation['auth'], Body>> = {
  signature: { contentType: 'application/xml', schema: 'XmlError' },
  admin: jsonError,
  hma: { contentType: 'application/json', schema: 'HmaError' },
  none: jsonError,
}

function responsesOf({ auth, role, summary, answers, errors }: Operation): JsonSchema {
  const error = errorBodies[auth]
  const unauthorized = auth === 'none' ? {} : { 401: 'The credentials are missing or wrong.' }
  const forbidden = role === undefined ? {} : { 403: `The role is lower than ${role}.` }
  return Object.fromEntries([
    ...Object.entries(answers).map(([status, body]) => [
      status,
      { description: summary, ...(body === null ? {} : { content: contentOf(body) }) },
    ]),
    ...Object.entries({ ...unauthorized, ...forbidden, ...errors }).map(([status, description]) => [
      status,
      { description, content: contentOf(error) },
    ]),
  ])
}

const security = {
  signature: [{ signature: [] }],
  admin: [{ adminToken: [] }, { session: [] }],
  hma: [{ hmaToken: [] }, { hmaPassword: [] }],
  none: [],
} as const

/** Derived from method and path, e.g. `getAdminLibrariesDnaDbId`, so that it is stable and unique. */
function operationId({ method, path }: Operation): string {
  return `${method}${path.replace(/[/_.{}-]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`
}

function describeOperation(operation: Operation): JsonSchema {
  const { path, summary, tag, auth, role, query, plainQuery = [], request } = operation
  const parameters = [
    ...pathParameters(path),
    ...(query === undefined ? [] : queryParameters(query)),
    ...plainQuery.map((parameter) => ({ ...parameter, in: 'query' })),
  ]
  return {
    operationId: operationId(operation),
    summary,
    ...(role === undefined ? {} : { description: `Needs the role ${role}.` }),
    tags: [tag],
    security: security[auth],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(request === undefined ? {} : { requestBody: { required: true, content: contentOf(request) } }),
    responses: responsesOf(operation),
  }
}

function pathsOf(operations: readonly Operation[]): OpenApiDocument['paths'] {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describeOperation(operation) }
  }
  return paths
}

const tags = [
  { name: 'Jobs', description: 'Compatible with Tencent Cloud CI: XML, signed with q-sign-algorithm=sha1.' },
  { name: 'Libraries', description: 'Compatible with Tencent Cloud CI.' },
  { name: 'Queues', description: 'Compatible with Tencent Cloud CI.' },
  { name: 'Buckets', description: 'Compatible with Tencent Cloud CI.' },
  {
    name: 'Objects',
    description:
      'Compatible with Tencent COS. The bucket is in the path or in the host, BUCKET.cos.REGION.DOMAIN.',
  },
  { name: 'Admin', description: 'JSON, with the admin token or a session.' },
  {
    name: 'Hasher-Matcher-Actioner',
    description:
      'For clients of HMA 1.1, if HMA_TOKEN is set. The token may also be in the path: /hma/TOKEN/c/banks.',
  },
  { name: 'Server', description: 'Health, metrics and documentation, open to all.' },
] as const

/**
 * The OpenAPI 3.1 document of every route. The schemas of its JSON bodies are those that validate them.
 *
 * @example openApiDocument({ version: '0.1.0' }).paths['/jobs']
 */
export function openApiDocument({ version }: { readonly version: string }): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Kinoprint',
      version,
      description: 'Finds copied segments in video and reports the matching time ranges.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags,
    paths: pathsOf(allOperations),
    components: {
      schemas: { ...tencentSchemas, ...adminSchemas(), ...hmaSchemas },
      securitySchemes: {
        adminToken: { type: 'http', scheme: 'bearer' },
        hmaToken: { type: 'http', scheme: 'bearer', description: 'HMA_TOKEN.' },
        hmaPassword: { type: 'http', scheme: 'basic', description: 'Any name, with HMA_TOKEN as password.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'kinoprint_session',
          description:
            'Set by POST /admin/session. Requests other than GET also send the header X-Kinoprint-Csrf.',
        },
        signature: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'q-sign-algorithm=sha1&q-ak=…&q-signature=…, as the official SDKs send it.',
        },
      },
    },
  }
}
