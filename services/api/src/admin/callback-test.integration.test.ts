import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ensureQueue } from '@kinoprint/store'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addLibrary, DEFAULT_BUCKET, type RunningTestApi, startTestApi } from '../testing/running-api.ts'

type Received = { readonly headers: IncomingHttpHeaders; readonly body: string }

let api: RunningTestApi
let receiver: Server
let url: string
let queue: string
let received: Received[] = []
/** What the receiver does next. */
let reply: number | 'reset' = 200

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    received.push({ headers: request.headers, body })
    if (reply === 'reset') response.socket?.resetAndDestroy()
    else response.writeHead(reply, { location: 'http://127.0.0.1:1/' }).end('busy')
  })
  receiver.listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const { port } = receiver.address() as AddressInfo
  url = `http://127.0.0.1:${port}/done`
  api = await startTestApi({ callbackAllow: [{ kind: 'host', host: '127.0.0.1' }] })
  const { queueId } = await ensureQueue(api.db, { bucket: DEFAULT_BUCKET, region: 'local' })
  queue = `/admin/queues/${queueId}`
})
afterAll(async () => {
  receiver.closeAllConnections()
  receiver.close()
  await api.close()
})

function send(body: unknown, target = `${queue}/test`) {
  received = []
  return api.admin({ method: 'POST', target, json: body })
}

test('a test callback goes to a given address, signed by the key and marked as a test', async () => {
  const { secretId, secretKey } = api.key
  const answer = await send({ url, secretId, resultFormat: 'JSON' })
  expect(answer.json).toEqual({
    ...{ url, delivered: true, httpStatus: 200, error: null, signed: true },
    seconds: expect.any(Number),
  })
  const [{ headers, body } = { headers: {}, body: '' }] = received
  const hmac = createHmac('sha256', secretKey).update(body).digest('hex')
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'x-kinoprint-signature': `sha256=${hmac}`,
    'x-kinoprint-test': '1',
  })
  const verifier = new Webhook(secretKey, { format: 'raw' })
  expect(verifier.verify(body, headers as Record<string, string>)).toMatchObject({ EventName: 'TaskFinish' })
  expect(JSON.parse(body)).toMatchObject({
    EventName: 'TaskFinish',
    JobsDetail: { JobId: expect.stringMatching(/^j0{32}$/), State: 'Success' },
  })
})

test('without an address of its own, a test goes to that of the queue, in its format', async () => {
  expect((await send({})).json).toMatchObject({
    error: { message: expect.stringContaining('Give one as url') },
  })
  await api.admin({ method: 'PATCH', target: queue, json: { notify: { url, resultFormat: 'XML' } } })
  expect((await send({})).json).toMatchObject({ delivered: true, signed: false })
  expect(received[0]?.body).toMatch(/^<Response><EventName>TaskFinish/)
  expect(received[0]?.headers['x-kinoprint-signature']).toBeUndefined()
  expect(received[0]?.headers['webhook-signature']).toBeUndefined()
})

test('a test about matches goes to the address of a library, signed by its key, with a made-up match', async () => {
  const { dnaDbId } = await addLibrary(api.db, 'films')
  const callback = `/admin/libraries/${dnaDbId}/match-callback`
  expect((await send({}, `${callback}/test`)).status).toBe(404)
  const { secretId, secretKey } = api.key
  await api.admin({ method: 'PUT', target: callback, json: { url, secretId } })
  expect((await send({}, `${callback}/test`)).json).toMatchObject({ url, delivered: true, signed: true })
  const [{ headers, body } = { headers: {}, body: '' }] = received
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-kinoprint-test': '1' })
  expect(
    new Webhook(secretKey, { format: 'raw' }).verify(body, headers as Record<string, string>),
  ).toMatchObject({
    event: 'MatchFound',
    library: { dnaDbId, name: 'films' },
    match: { matchId: `m${'0'.repeat(32)}`, passages: [] },
  })
  expect((await send({ url: 'http://169.254.169.254/' }, `${callback}/test`)).status).toBe(400)
})

test('a test says which status the receiver returned, or why none arrived', async () => {
  reply = 503
  expect((await send({ url })).json).toMatchObject({
    delivered: false,
    httpStatus: 503,
    error: 'The receiver returned 503: busy',
  })
  reply = 302
  expect((await send({ url })).json).toMatchObject({
    httpStatus: 302,
    error: expect.stringContaining('not followed'),
  })
  expect(received).toHaveLength(1)
  reply = 'reset'
  expect((await send({ url })).json).toMatchObject({
    delivered: false,
    httpStatus: null,
    error: expect.stringMatching(/Check that the address is reachable/),
  })
  reply = 200
})

test.each([
  'http://169.254.169.254/latest',
  'http://[::1]:1/',
  'file:///etc/passwd',
  'http://user:secret@example.com/',
])('a test never goes to %s', { tags: ['ssrf'] }, async (address) => {
  const answer = await send({ url: address })
  expect(answer.status).toBe(400)
  expect(received).toEqual([])
})

test('a test needs a queue and a key that exist', async () => {
  expect((await send({ url }, '/admin/queues/p0/test')).status).toBe(404)
  expect((await send({ url, secretId: 'AKIDnone' })).status).toBe(404)
  expect((await send({ url, format: 'XML' })).status).toBe(400)
})
