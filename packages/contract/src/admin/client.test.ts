import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createAdminClient } from './client.ts'

type Answer = { status: number; body?: unknown; text?: string }

let server: Server | undefined
afterEach(() => server?.close())

/** A server that sends the same response to every request, and the requests that it has received. */
async function answering({ status, body, text }: Answer) {
  const received: { method: string; url: string; token: string; body: string }[] = []
  const started = createServer(async (req: IncomingMessage, res) => {
    let sent = ''
    for await (const chunk of req) sent += String(chunk)
    const { method = '', url = '', headers } = req
    received.push({ method, url, token: headers.authorization ?? '', body: sent })
    res.writeHead(status).end(text ?? (body === undefined ? undefined : JSON.stringify(body)))
  })
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  const { port } = started.address() as AddressInfo
  return { client: createAdminClient(`http://127.0.0.1:${port}/`, 'secret'), received }
}

test('a call sends the method, path, query, token and body of its route', async () => {
  const { client, received } = await answering({ status: 200, body: { cancelled: 2 } })
  expect(await client.cancelJobs({ body: { bucket: 'x-1' } })).toEqual({ cancelled: 2 })
  await client.deleteLibrary({ params: { dnaDbId: 'a/b' }, query: { force: true } }).catch(() => undefined)
  await client
    .putObject({ params: { bucket: 'x-1', object: 'a b/c?.mp4' }, body: 'bytes' })
    .catch(() => undefined)
  expect(received).toEqual([
    { method: 'POST', url: '/admin/jobs/cancel', token: 'Bearer secret', body: '{"bucket":"x-1"}' },
    { method: 'DELETE', url: '/admin/libraries/a%2Fb?force=true', token: 'Bearer secret', body: '' },
    { method: 'PUT', url: '/admin/objects/x-1/a%20b/c%3F.mp4', token: 'Bearer secret', body: 'bytes' },
  ])
})

test('a response without a body resolves to undefined, one of bytes to the Response', async () => {
  const { client } = await answering({ status: 200, text: 'bytes' })
  expect(await client.revokeKey({ params: { secretId: 'AKID1' } })).toBeUndefined()
  const response = await client.getObject({ params: { bucket: 'x-1', object: 'a.mp4' } })
  expect(await response.text()).toBe('bytes')
})

test('an error response is thrown with the code and the message of the server', async () => {
  const error = { code: 'Conflict', message: 'Another library has this name.', requestId: 'x' }
  const { client } = await answering({ status: 409, body: { error } })
  await expect(client.createLibrary({ body: { name: 'x' } })).rejects.toMatchObject({
    code: 'Conflict',
    message: 'Another library has this name.',
  })
})

test('an error page of a proxy is thrown by its status', async () => {
  const { client } = await answering({ status: 502, text: '<html>' })
  await expect(client.getStats()).rejects.toMatchObject({
    code: 'ServiceUnavailable',
    message: expect.stringContaining('502'),
  })
})

test('a response in another format is rejected', async () => {
  const { client } = await answering({ status: 200, body: { libraries: 'many' } })
  await expect(client.getStats()).rejects.toThrow(/another format\. Use the same version/)
})

test('a server that cannot be reached is named', async () => {
  await expect(createAdminClient('http://127.0.0.1:1', 'x').getStats()).rejects.toMatchObject({
    code: 'ServiceUnavailable',
    message: expect.stringContaining('http://127.0.0.1:1'),
  })
})

test('the types of a call follow the table', () => {
  const client = createAdminClient('http://127.0.0.1:1', 'x')
  const calls = () => [
    // @ts-expect-error A body is required.
    client.createLibrary(),
    // @ts-expect-error There is no such field.
    client.createLibrary({ body: { name: 'x', colour: 'red' } }),
    // @ts-expect-error There is no such path parameter.
    client.getLibrary({ params: { libraryId: 'x' } }),
    // @ts-expect-error The route takes nothing.
    client.getStats({ body: {} }),
  ]
  expect(calls).toBeTypeOf('function')
})
