import {
  createdKeySchema,
  jobPageSchema,
  jobSchema,
  libraryPageSchema,
  newKeySchema,
  newLibrarySchema,
  openApiDocument,
  parseJobRequest,
  queuePageSchema,
} from '@kinoprint/contract'
import { expect, test } from 'vitest'
import { startTestApi } from '../testing/running-api.ts'
import { exampleOf, exampleText } from './example-of.ts'

const { schemas } = openApiDocument({ version: '0.0.0' }).components

test.each([
  ['NewLibrary', newLibrarySchema],
  ['NewKey', newKeySchema],
  ['CreatedKey', createdKeySchema],
  ['LibraryPage', libraryPageSchema],
  ['QueuePage', queuePageSchema],
  ['JobPage', jobPageSchema],
  ['Job', jobSchema],
] as const)('the example of %s satisfies its schema', (name, schema) => {
  const example = exampleOf(schemas[name], schemas)
  const { error } = schema.safeParse(example)
  expect(error?.issues ?? []).toEqual([])
})

test('the server accepts the example of a job request', () => {
  const text = exampleText('application/xml', { $ref: '#/components/schemas/JobRequest' }, schemas)
  expect(text).toMatch(/^<Request>/)
  expect(() => parseJobRequest(text)).not.toThrow()
})

test('the API page explains authentication and has an example for every route', async () => {
  const api = await startTestApi()
  const { text } = await api.send({ method: 'GET', target: '/docs' })
  await api.close()
  expect(text).toContain('<h2>Authentication</h2>')
  expect(text).toContain('Authorization: Bearer TOKEN')
  const { paths } = openApiDocument({ version: '0.0.0' })
  const routes = Object.values(paths).flatMap((verbs) => Object.keys(verbs))
  expect(text.split('<p>Example</p>')).toHaveLength(routes.length + 1)
})
