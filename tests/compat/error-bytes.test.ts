import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Cause, causes, type Scene } from './causes.ts'
import { expectGolden } from './golden.ts'
import { exchange, type RawAnswer, sendBytes, signedRequest } from './raw-http.ts'
import type { Call } from './sdk.ts'
import type { Pair } from './sign.ts'
import { OFFICIAL_HOST, openStage, type Stage } from './stage.ts'

let stage: Stage
let scene: Scene
beforeAll(async () => {
  stage = await openStage()
  scene = { library: await stage.library(), queueId: 'p0', ended: 'j0' }
})
afterAll(() => stage.close(), 40_000)

const send = ({ method, key, query = {}, body, headers = {} }: Call): Promise<RawAnswer> =>
  stage.raw({ method, path: `/${key}`, query: Object.entries(query), headers: Object.entries(headers), body })

const get = (headers: readonly Pair[]) =>
  exchange(stage.url, { method: 'GET', target: '/dnadb?pageSize=5', headers: [['Host', 'h:1'], ...headers] })

describe('the bytes of an error', () => {
  const plain = causes.filter(
    (cause): cause is Cause => cause.by === undefined && cause.clockMs === undefined,
  )

  test.each(plain)(
    '$code ($status) for $cause',
    { tags: ['bytes-errors'] },
    async ({ code, status, call }) => {
      const request = call(scene)
      const resource = `/${request.key}`
      expectGolden(await send(request), `error-${code}`, { status, known: { resource } })
    },
  )

  test('MissingAuthorization and InvalidAuthorization', { tags: ['bytes-unsigned'] }, async () => {
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

  test('SecretidNotExist and SignatureExpired', { tags: ['bytes-expired'] }, async () => {
    const known = { resource: '/dnadb' }
    const nobody = { secretId: 'AKIDnobody', secretKey: 'x' }
    const unknown = await stage.raw({ method: 'GET', path: '/dnadb' }, nobody)
    expectGolden(unknown, 'error-SecretidNotExist', { status: 401, known })
    const request = signedRequest(stage.url, stage.key, { method: 'GET', path: '/dnadb', backSeconds: 5000 })
    expectGolden(await exchange(stage.url, request), 'error-SignatureExpired', { status: 401, known })
  })

  test('SignatureDoesNotMatch, with what was to be signed', { tags: ['bytes-mismatch'] }, async () => {
    const answer = await stage.raw(
      { method: 'GET', path: '/dnadb', query: [['pageSize', '5']] },
      { ...stage.key, secretKey: 'wrong' },
    )
    expectGolden(answer, 'error-SignatureDoesNotMatch', { status: 403, known: { host: OFFICIAL_HOST } })
  })

  test('AccessDenied and InvalidHost', { tags: ['bytes-denied'] }, async () => {
    const reader = await stage.newKey({ actions: ['ci:DescribeMediaJobs'], buckets: ['elsewhere-1'] })
    const denied = await stage.raw({ method: 'GET', path: '/dnadb' }, reader)
    expectGolden(denied, 'error-AccessDenied', { status: 403, known: { resource: '/dnadb' } })
    const host = await stage.raw({ method: 'GET', path: '/jobs' }, reader)
    expectGolden(host, 'error-InvalidHost', { status: 400, known: { resource: '/jobs' } })
  })

  test('MissingContentLength for a body that is neither announced nor chunked', {
    tags: ['bytes-length'],
  }, async () => {
    const request = signedRequest(stage.url, stage.key, { method: 'POST', path: '/jobs' })
    const known = { resource: '/jobs' }
    expectGolden(await exchange(stage.url, request), 'error-MissingContentLength', { status: 411, known })
  })

  test('of bytes that are no request', { tags: ['no-request'] }, async () => {
    const answer = await sendBytes(stage.url, Buffer.from('GET /jobs HTTP/1.1\r\nbroken header\r\n\r\n'))
    expectGolden(answer, 'error-InvalidArgument', { status: 400, known: { resource: '/' } })
  })

  test('of a request that names no host', { tags: ['no-host'] }, async () => {
    const answer = await exchange(stage.url, { method: 'GET', target: '/jobs?size=1', headers: [] })
    expectGolden(answer, 'error-InvalidArgument', { status: 400, known: { resource: '/jobs' } })
  })

  test('SlowDown while five hundred requests are under way, and not afterwards', {
    tags: ['rate-limit', 'bytes-slow'],
  }, async () => {
    const held = await holdRequests(500)
    const slow = await retried(
      () => stage.raw({ method: 'GET', path: '/dnadb' }),
      (answer) => answer.status === 429,
    )
    expectGolden(slow, 'error-SlowDown', { status: 429, known: { resource: '/dnadb' } })
    expect(slow.headers.get('retry-after')).toBe('1')
    for (const socket of held) socket.destroy()
    const after = await retried(
      () => stage.raw({ method: 'GET', path: '/dnadb' }),
      (answer) => answer.status === 200,
    )
    expect(after.status).toBe(200)
  })
})

/** Requests whose bodies never end. */
async function holdRequests(count: number): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(stage.url)
  const { headers } = signedRequest(stage.url, stage.key, {
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

/** Asks until the answer is as wanted, at most a hundred times. */
async function retried(
  ask: () => Promise<RawAnswer>,
  wanted: (answer: RawAnswer) => boolean,
): Promise<RawAnswer> {
  let answer = await ask()
  for (let n = 0; n < 100 && !wanted(answer); n++) answer = await ask()
  return answer
}
