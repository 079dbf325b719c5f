import { describe, expect, test } from 'vitest'
import { allOperations, openApiDocument } from './document.ts'

const document = openApiDocument({ version: '1.2.3' })

function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  )
}

function resolve(ref: string): unknown {
  let at: unknown = document
  for (const part of ref.replace(/^#\//, '').split('/')) {
    at = typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined
  }
  return at
}

/** Routes that clients rely on. */
const promised = [
  'post /jobs',
  'get /jobs',
  'get /jobs/{jobId}',
  'put /jobs/{jobId}',
  'get /dnadb',
  'get /dnadb_files',
  'get /dnadbfiles',
  'get /{bucket}',
  'head /{bucket}/{object}',
  'put /{bucket}/{object}',
  'post /{bucket}/{object}',
  'get /queue',
  'put /queue/{queueId}',
  'post /admin/libraries',
  'get /admin/libraries',
  'get /admin/libraries/{dnaDbId}',
  'patch /admin/libraries/{dnaDbId}',
  'delete /admin/libraries/{dnaDbId}',
  'get /admin/libraries/{dnaDbId}/videos',
  'get /admin/libraries/{dnaDbId}/videos/{videoId}',
  'delete /admin/libraries/{dnaDbId}/videos/{videoId}',
  'put /admin/objects/{bucket}/{object}',
  'get /admin/objects/{bucket}',
  'get /admin/objects/{bucket}/{object}',
  'delete /admin/objects/{bucket}/{object}',
  'get /admin/jobs',
  'post /admin/jobs/cancel',
  'get /admin/jobs/{jobId}',
  'post /admin/jobs/{jobId}/cancel',
  'post /admin/jobs/{jobId}/retry',
  'post /admin/keys',
  'get /admin/keys',
  'delete /admin/keys/{secretId}',
  'get /admin/queues',
  'patch /admin/queues/{queueId}',
  'get /admin/stats',
  'get /healthz',
  'get /readyz',
  'get /metrics',
  'get /',
  'get /docs',
  'get /openapi.json',
  'post /hma/h/hash',
  'get /hma/m/lookup',
  'get /hma/m/raw_lookup',
  'post /hma/m/compare',
  'get /hma/c/banks',
]

describe('the OpenAPI document', () => {
  test('it is OpenAPI 3.1 and survives a round trip through JSON', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(document.info).toMatchObject({ version: '1.2.3' })
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
  })

  test('it describes every promised route and every operation of the tables', () => {
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path}`),
    )
    expect(described).toEqual(expect.arrayContaining(promised))
    expect(described).toHaveLength(allOperations.length)
  })

  test('every reference resolves and every schema is used', () => {
    const refs = refsIn(document)
    expect(refs.length).toBeGreaterThan(60)
    for (const ref of refs) {
      expect(resolve(ref), ref).toBeTypeOf('object')
    }
    const used = new Set(refs)
    for (const name of Object.keys(document.components.schemas)) {
      expect(used, name).toContain(`#/components/schemas/${name}`)
    }
  })

  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, path, operation] as const),
  )

  test('every operation has a unique id', () => {
    const ids = operations.map(([, , operation]) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test.each(operations)(
    '%s describes its parameters, a success, its security and a known tag',
    (_, path, operation) => {
      const parameters = (operation.parameters ?? []) as { name: string; in: string; schema: unknown }[]
      const inPath = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
      expect(inPath).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
      expect(parameters.every(({ schema }) => typeof schema === 'object')).toBe(true)
      expect(Object.keys(operation.responses as object).some((status) => status.startsWith('2'))).toBe(true)
      const schemes = (operation.security as Record<string, unknown>[]).flatMap((scheme) =>
        Object.keys(scheme),
      )
      expect(schemes).toEqual(schemesOf(path, operation))
      expect(
        (operation.tags as string[]).every((tag) => document.tags.some(({ name }) => name === tag)),
      ).toBe(true)
    },
  )

  test('bodies of the compatible API are XML, those of the admin API are JSON', () => {
    expect(document.paths['/jobs']?.post?.requestBody).toEqual({
      required: true,
      content: { 'application/xml': { schema: { $ref: '#/components/schemas/JobRequest' } } },
    })
    expect(document.components.schemas.NewLibrary).toMatchObject({ required: ['name'] })
    expect(document.components.schemas.LibraryPage).toMatchObject({
      properties: { items: { items: { $ref: '#/components/schemas/Library' } } },
    })
  })
})

/** How a client may authenticate. Signing in is the only route of the admin API that needs nothing. */
function schemesOf(path: string, { operationId }: Record<string, unknown>): string[] {
  const isOpen = operationId === 'postAdminSession' || operationId === 'getAdminSessionMethods'
  if (path.startsWith('/admin/')) return isOpen ? [] : ['adminToken', 'session']
  if (path.startsWith('/hma/')) return ['hmaToken', 'hmaPassword']
  return /^\/(jobs|dnadb|queue|mediabucket|template|workflow|inventorytriggerjob|\{bucket\})/.test(path)
    ? ['signature']
    : []
}
