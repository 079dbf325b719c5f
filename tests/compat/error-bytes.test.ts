import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cause, causes, type Scene } from './causes.ts'
import { type CompatHarness, OFFICIAL_HOST, openCompatHarness } from './compat-harness.ts'
import { expectGolden } from './golden.ts'
import { exchange, type RawAnswer, sendBytes, signedRequest } from './raw-http.ts'
import type { Call } from './sdk.ts'
import type { Pair } from './sign.ts'

let harness: CompatHarness
let scene: Scene
beforeAll(async () => {
  harness = await openCompatHarness()
  scene = { library: await harness.library(), queueId: 'p0', ended: 'j0' }
})
afterAll(() => harness.close(), 40_000)

function send({ method, key, query = {}, body, headers = {} }: Call): Promise<RawAnswer> {
  return harness.raw({
    method,
    path: `/${key}`,
    query: Object.entries(query),
    headers: Object.entries(headers),
    body,
  })
}

function get(headers: readonly Pair[]) {
  return exchange(harness.url, {
    method: 'GET',
    target: '/dnadb?pageSize=5',
    headers: [['Host', 'h:1'], ...headers],
  })
}

describe('the bytes of an error response', () => {
  const plain = causes.filter(
    (cause): cause is Cause => cause.by === undefined && cause.clockMs === undefined,
  )

  test.each(plain)(
    '$code ($status) for $cause match the golden file',
    { tags: ['bytes-errors'] },
    async ({ code, status, call }) => {
      const request = call(scene)
      const resource = `/${request.key}`
      expectGolden(await send(request), `error-${code}`, { status, known: { resource } })
    },
  )

  test('MissingAuthorization and InvalidAuthorization match their golden files', {
    tags: ['bytes-unsigned'],
  }, async () => {
    const known = { resource: '/dnadb' }
    expectGolden(await get([]), 'error-MissingAuthorization', { status: 401, known })
    for (const text of [
      'Bearer x',
      'q-sign-algorithm=md5&q-ak=a',
      'q-sign-algorithm=sha1&q-ak=a&q-sign-time=1',
    ]) {
      const answer = await get([['Authorization', text]])
      expectGolden(answer, 'error-InvalidAuthorization', { status: 401, known })
    }
  })

  test('SecretidNotExist and SignatureExpired match their golden files', {
    tags: ['bytes-expired'],
  }, async () => {
    const known = { resource: '/dnadb' }
    const absent = { secretId: 'AKIDabsent', secretKey: 'x' }
    const unknown = await harness.raw({ method: 'GET', path: '/dnadb' }, absent)
    expectGolden(unknown, 'error-SecretidNotExist', { status: 401, known })
    const request = signedRequest(harness.url, harness.key, {
      method: 'GET',
      path: '/dnadb',
      backSeconds: 5000,
    })
    expectGolden(await exchange(harness.url, request), 'error-SignatureExpired', { status: 401, known })
  })

  test('SignatureDoesNotMatch matches its golden file, including the strings to sign', {
    tags: ['bytes-mismatch'],
  }, async () => {
    const answer = await harness.raw(
      { method: 'GET', path: '/dnadb', query: [['pageSize', '5']] },
      { ...harness.key, secretKey: 'wrong' },
    )
    expectGolden(answer, 'error-SignatureDoesNotMatch', { status: 403, known: { host: OFFICIAL_HOST } })
  })

  test('AccessDenied and InvalidHost match their golden files', { tags: ['bytes-denied'] }, async () => {
    const reader = await harness.newKey({ actions: ['ci:DescribeMediaJobs'], buckets: ['elsewhere-1'] })
    const denied = await harness.raw({ method: 'GET', path: '/dnadb' }, reader)
    expectGolden(denied, 'error-AccessDenied', { status: 403, known: { resource: '/dnadb' } })
    const host = await harness.raw({ method: 'GET', path: '/jobs' }, reader)
    expectGolden(host, 'error-InvalidHost', { status: 400, known: { resource: '/jobs' } })
  })

  test('a body without a length that is not chunked gets MissingContentLength', {
    tags: ['bytes-length'],
  }, async () => {
    const request = signedRequest(harness.url, harness.key, { method: 'POST', path: '/jobs' })
    const known = { resource: '/jobs' }
    expectGolden(await exchange(harness.url, request), 'error-MissingContentLength', { status: 411, known })
  })

  test('bytes that are not an HTTP request get InvalidArgument', { tags: ['no-request'] }, async () => {
    const answer = await sendBytes(harness.url, Buffer.from('GET /jobs HTTP/1.1\r\nbroken header\r\n\r\n'))
    expectGolden(answer, 'error-InvalidArgument', { status: 400, known: { resource: '/' } })
  })

  test('a request without a Host header gets InvalidArgument', { tags: ['no-host'] }, async () => {
    const answer = await exchange(harness.url, { method: 'GET', target: '/jobs?size=1', headers: [] })
    expectGolden(answer, 'error-InvalidArgument', { status: 400, known: { resource: '/jobs' } })
  })

  test('a request gets SlowDown while 500 others are in flight, but not afterwards', {
    tags: ['rate-limit', 'bytes-slow'],
  }, async () => {
    const held = await holdRequests(500)
    const slow = await retried(
      () => harness.raw({ method: 'GET', path: '/dnadb' }),
      (answer) => answer.status === 429,
    )
    expectGolden(slow, 'error-SlowDown', { status: 429, known: { resource: '/dnadb' } })
    expect(slow.headers.get('retry-after')).toBe('1')
    for (const socket of held) socket.destroy()
    const after = await retried(
      () => harness.raw({ method: 'GET', path: '/dnadb' }),
      (answer) => answer.status === 200,
    )
    expect(after.status).toBe(200)
  })
})

/** Requests whose bodies never end. */
async function holdRequests(count: number): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(harness.url)
  const { headers } = signedRequest(harness.url, harness.key, {
    method: 'POST',
    path: '/jobs',
    body: 'x'.repeat(9),
  })
  const head = ['POST /jobs HTTP/1.1', ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')
  return Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(Number(port), hostname, () =>
            socket.write(`${head}\r\n\r\n<`, () => resolve(socket)),
          )
          socket.once('error', reject)
        }),
    ),
  )
}

/** Repeats the request until the response satisfies `wanted`, at most 100 times. */
async function retried(
  ask: () => Promise<RawAnswer>,
  wanted: (answer: RawAnswer) => boolean,
): Promise<RawAnswer> {
  let answer = await ask()
  for (let n = 0; n < 100 && !wanted(answer); n++) answer = await ask()
  return answer
}
