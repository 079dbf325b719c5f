import { openApiDocument } from '@kinoprint/contract'
import { expect, test, vi } from 'vitest'
import { createApp } from './app.ts'
import type { RouteTable } from './http/route-table.ts'
import { testSettings } from './testing/test-settings.ts'

const { served, template } = vi.hoisted(() => ({
  served: [] as string[],
  /** A path whose parameters have no names: `/jobs/{}`. */
  template: (path: string) => path.replace(/\{\w+\}|[:*]\w+/g, '{}'),
}))

vi.mock('./http/route-table.ts', () => ({
  addRoutes: (_: unknown, table: RouteTable, { prefix = '' } = {}) => {
    for (const [path, handlers] of Object.entries(table))
      for (const verb of Object.keys(handlers)) served.push(`${verb} ${template(`${prefix}${path}`)}`)
  },
}))

/** Stands for the parts that handlers use once they are called. */
const unused: never = new Proxy(() => undefined, {
  get: (_target, name) => (name === Symbol.toPrimitive || name === 'then' ? undefined : unused),
  apply: () => unused,
}) as never

test('every route that the server has is in the OpenAPI document, except pages of the console', () => {
  createApp({
    db: unused,
    queue: unused,
    objects: unused,
    settings: { ...testSettings, hmaToken: 'a token' },
    secrets: { adminToken: 'another token', encryptionKey: Buffer.alloc(32) },
    log: unused,
    metrics: unused,
    version: '0.0.0',
    about: { ffmpeg: null, fingerprintFormat: 2, settings: [], jobRetentionDays: 90, queryRetentionDays: 30 },
    openapi: () => ({}),
    thumbnailsDir: null,
    consoleDir: null,
  })
  const { paths } = openApiDocument({ version: '0.0.0' })
  const documented = Object.entries(paths).flatMap(([path, verbs]) =>
    Object.keys(verbs).map((verb) => `${verb} ${template(path)}`),
  )
  expect(served.length).toBeGreaterThan(150)
  expect(served).toContain('post /hma/c/bank/{}/content')
  expect(served.filter((route) => !documented.includes(route))).toEqual([])
})
