import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express, { type RequestHandler } from 'express'
import { expect, test, vi } from 'vitest'
import { docs, openapi } from './docs.ts'
import { home } from './page.ts'

/** The bodies that a handler sends in two responses. */
async function bodiesOf(handler: RequestHandler): Promise<unknown[]> {
  const bodies: unknown[] = []
  const app = express()
  app.use((req, res, next) => {
    const end = vi.spyOn(res, 'end')
    void handler(req, res, next)
    bodies.push(end.mock.calls[0]?.[0])
  })
  const server = createServer(app)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  for (const _ of [1, 2]) await (await fetch(`http://127.0.0.1:${port}/`)).text()
  server.closeAllConnections()
  server.close()
  return bodies
}

test.each([
  ['home page', home()],
  ['API page', docs(() => ({ info: { title: 'Kinoprint' } }))],
])(
  'responses with the %s share its bytes, so unread responses take no extra memory',
  { tags: ['shared-answers'] },
  async (_name, handler) => {
    const [first, second] = await bodiesOf(handler)
    expect(first).toBeInstanceOf(Buffer)
    expect(second).toBe(first)
  },
)

test.each([
  ['API page', docs],
  ['OpenAPI file', openapi],
])('the document of the %s is made at the first request, and only once', async (_name, page) => {
  const document = vi.fn(() => ({ info: { title: 'Kinoprint' } }))
  const handler = page(document)
  expect(document).not.toHaveBeenCalled()
  const [first] = await bodiesOf(handler)
  expect(String(first)).toContain('Kinoprint')
  expect(document).toHaveBeenCalledOnce()
})
