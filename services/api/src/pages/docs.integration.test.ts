import {
  type AdminRoute,
  adminRoutes,
  isBytes,
  openApiDocument,
  parseJobRequests,
  usualAnswer,
} from '@kinoprint/contract'
import { expect, test } from 'vitest'
import { startTestApi } from '../testing/running-api.ts'
import { exampleOf, exampleText } from './example-of.ts'

const { paths, components } = openApiDocument({ version: '0.0.0' })
const { schemas } = components

type Described = { requestBody?: unknown; responses: Record<string, unknown> }

/** Every JSON body of the admin API: its name, its schema and its description in the document. */
const bodies = Object.entries(adminRoutes as Readonly<Record<string, AdminRoute>>).flatMap(
  ([name, route]) => {
    const operation = paths[route.path.replaceAll('{+', '{')]?.[route.method] as Described
    const { status, body: answer } = usualAnswer(route)
    return [
      { name: `the body of ${name}`, schema: route.body, described: operation.requestBody },
      { name: `the response of ${name}`, schema: answer, described: operation.responses[status] },
    ].flatMap(({ schema, ...body }) =>
      schema === undefined || schema === null || isBytes(schema) ? [] : [{ ...body, schema }],
    )
  },
)

test.each(bodies)('the example of $name satisfies its schema', ({ schema, described }) => {
  const { content } = described as { content: Record<string, { schema: unknown }> }
  const example = exampleOf(content['application/json']?.schema, schemas)
  expect(schema.safeParse(example).error?.issues ?? []).toEqual([])
})

test('the server accepts the example of a job request', () => {
  const text = exampleText('application/xml', { $ref: '#/components/schemas/JobRequest' }, schemas)
  expect(text).toMatch(/^<Request>/)
  expect(() => parseJobRequests(text)).not.toThrow()
})

test('the API page explains authentication and has an example for every route', async () => {
  const api = await startTestApi()
  const { text } = await api.send({ method: 'GET', target: '/docs' })
  await api.close()
  expect(text).toContain('<h2>Authentication</h2>')
  expect(text).toContain('Authorization: Bearer TOKEN')
  const operations = Object.values(paths).flatMap((verbs) => Object.keys(verbs))
  expect(text.split('<p>Example</p>')).toHaveLength(operations.length + 1)
})
