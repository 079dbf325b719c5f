import { connect, type Socket } from 'node:net'
import { signRequest } from '@kinoprint/contract'
import { createKey } from '@kinoprint/store'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN, addLibrary, jobXml, type RunningTestApi, startTestApi } from './testing/running-api.ts'

const CROWD = 600
const OTHER_REQUESTS = 50

let api: RunningTestApi
let dnaDbId: string
let crowd: Socket[] = []
beforeAll(async () => {
  api = await startTestApi()
  dnaDbId = (await addLibrary(api.db, 'films')).dnaDbId
})
afterEach(() => {
  for (const socket of crowd) socket.destroy()
  crowd = []
})
afterAll(() => api.close())

/** Opens connections from another loopback address that send `head` and nothing else. */
function gather(head: string, { from = '127.0.0.2', count = CROWD } = {}): Promise<Socket[]> {
  const open = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port: api.port, host: '127.0.0.1', localAddress: from })
      crowd.push(socket)
      socket.once('error', reject)
      socket.once('connect', () => socket.write(head, () => resolve(socket)))
    })
  return Promise.all(Array.from({ length: count }, open))
}

/** Waits for a response on one of the sockets; false if all close without one. */
function isAnyAnswered(sockets: readonly Socket[]): Promise<boolean> {
  const answers = sockets.map(
    (socket) =>
      new Promise<void>((resolve, reject) => {
        socket.once('data', () => resolve())
        socket.once('close', () => reject(new Error('closed without a response')))
      }),
  )
  return Promise.any(answers).then(
    () => true,
    () => false,
  )
}

async function statuses(ask: () => Promise<{ status: number }>): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: OTHER_REQUESTS }, ask))
  return [...new Set(answers.map(({ status }) => status))]
}

function bodiless(line: string, more = ''): string {
  return `${line} HTTP/1.1\r\nHost: x\r\n${more}Content-Length: 100\r\n\r\n`
}

/** Expects success for a request of each kind from another address. */
async function expectOthersServed(): Promise<void> {
  expect(await statuses(() => api.signed({ method: 'GET', target: '/dnadb' }))).toEqual([200])
  let n = 0
  const submit = () =>
    api.signed({ method: 'POST', target: '/jobs', body: jobXml({ dnaDbId, userData: String(n++) }) })
  expect(await statuses(submit)).toEqual([200])
  expect(await statuses(() => api.admin({ method: 'GET', target: '/admin/stats' }))).toEqual([200])
  expect(await statuses(() => api.send({ method: 'GET', target: '/readyz' }))).toEqual([200])
  const object = `/admin/objects/films-125/${Math.random()}.mp4`
  expect((await api.admin({ method: 'PUT', target: object, body: 'film' })).status).toBe(201)
}

describe(`${CROWD} connections from one address`, () => {
  test.each([
    ['send nothing', ''],
    ['send half a request head', 'POST /jobs HTTP/1.1\r\nHost: x\r\n'],
    ['send no body to the compatible API', bodiless('POST /jobs')],
    ['send half a chunk', 'POST /jobs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n<Req'],
    ['wait for 100 Continue', bodiless('POST /jobs', 'Expect: 100-continue\r\n')],
    ['send no body to an unknown path', bodiless('PUT /nothing/at/all')],
    ['send no body to the admin routes', bodiless('POST /admin/keys')],
    ['send no body with a wrong token', bodiless('PUT /admin/objects/b-1/o', 'Authorization: Bearer no\r\n')],
    ['send no body to a page', bodiless('GET /metrics')],
    ['do not read the response', 'GET /docs HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(4)],
  ])(
    'connections that %s do not block requests from another address',
    { tags: ['fair-requests'] },
    async (_what, head) => {
      await gather(head)
      await expectOthersServed()
    },
  )

  test('rejected requests get a response at once and hold no slot while their body is read', {
    tags: ['fair-requests'],
  }, async () => {
    const sockets = await gather(bodiless('POST /jobs'))
    const answers = await Promise.all(
      sockets.map(
        (socket) => new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data)))),
      ),
    )
    expect(new Set(answers.map((text) => text.slice(0, 12)))).toEqual(new Set(['HTTP/1.1 401']))
    expect(answers.every((text) => /\r\nConnection: close\r\n/i.test(text))).toBe(true)
    expect((await api.signed({ method: 'GET', target: '/dnadb' })).status).toBe(200)
  })

  test('event streams and open uploads do not block requests from another address', {
    tags: ['fair-requests'],
  }, async () => {
    const { text } = await api.signed({ method: 'POST', target: '/jobs', body: jobXml({ dnaDbId }) })
    const jobId = /<JobId>(\w+)</.exec(text)?.[1] ?? ''
    const authorization = `Authorization: Bearer ${ADMIN_TOKEN}\r\n`
    await gather(`GET /admin/jobs/${jobId}/events HTTP/1.1\r\nHost: x\r\n${authorization}\r\n`, {
      count: 300,
    })
    await gather(bodiless('PUT /admin/objects/films-125/slow.mp4', authorization), { count: 300 })
    await expectOthersServed()
    const events = await fetch(`http://127.0.0.1:${api.port}/admin/jobs/${jobId}/events`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    })
    expect(events.status).toBe(200)
    await events.body?.cancel()
  })
})

test('a key that never completes its request bodies does not block another key', {
  tags: ['fair-requests'],
}, async () => {
  const { encryptionKey } = api.options.secrets
  const slow = await createKey(api.db, { encryptionKey, name: 'slow' })
  const now = Math.floor(Date.now() / 1000)
  const authorization = signRequest({
    method: 'POST',
    target: '/jobs',
    headers: [],
    ...slow,
    startSeconds: now - 60,
    endSeconds: now + 900,
  })
  const head = bodiless('POST /jobs', `Authorization: ${authorization}\r\n`)
  await gather(head, { count: 550 })
  // The share is used up once another request gets a response. On a slow machine the first ones have timed out by then.
  for (let further: Socket[] = []; !(await isAnyAnswered(further)); ) {
    further = await gather(head, { count: 50, from: '127.0.0.3' })
  }
  await expectOthersServed()
})
