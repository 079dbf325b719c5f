import { roles } from '@kinoprint/core'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { openApiDocument } from '../openapi/document.ts'
import { errorBody, exampleOf } from './fields.ts'
import { type AdminRoute, isBytes } from './route.ts'
import { adminRoutes } from './routes.ts'
import { serverRoutes } from './server.ts'

const table = Object.entries({ ...adminRoutes, ...serverRoutes } as Readonly<Record<string, AdminRoute>>)
const { paths } = openApiDocument({ version: '0' })

function schemasOf({ body, answers }: AdminRoute): z.ZodType[] {
  return [body, ...Object.values(answers)].flatMap((one) =>
    one === undefined || one === null || isBytes(one) ? [] : [one],
  )
}

describe('the table of admin routes', () => {
  test('no two routes share a method and a path', () => {
    const operations = table.map(([, { method, path }]) => `${method} ${path}`)
    expect(new Set(operations).size).toBe(table.length)
  })

  test.each(table)('%s is described in the OpenAPI document under a unique id', (_, route) => {
    const operation = paths[route.path.replaceAll('{+', '{')]?.[route.method]
    expect(operation?.summary).toBe(route.summary)
    expect(route.summary).toMatch(/^[A-Z].{6,}[^.]$/)
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((one) => one.operationId),
    )
    expect(ids.filter((id) => id === operation?.operationId)).toHaveLength(1)
  })

  test.each(table)('every body of %s has an example that its schema accepts', (_, route) => {
    for (const schema of [errorBody, ...schemasOf(route)])
      expect(schema.safeParse(exampleOf(schema)).error).toBeUndefined()
  })

  test('every route under /admin but signing in declares a role, and all others are open to anyone', () => {
    const open = table.filter(([, { role }]) => role === 'public').map(([name]) => name)
    const outside = table.filter(([, { path }]) => !path.startsWith('/admin/')).map(([name]) => name)
    expect(open.toSorted()).toEqual(['signIn', 'listSignInMethods', ...outside].toSorted())
    for (const [, { role }] of table) expect(['public', ...roles]).toContain(role)
  })
})
